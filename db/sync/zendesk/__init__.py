"""Zendesk as a live source."""
