"""Freshdesk as a live source."""
