"""Mappings proposed: what an unknown table seems to hold, and how it would become the import format."""
