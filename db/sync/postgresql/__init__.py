"""Any PostgreSQL portal as a live source: one SELECT a table of the import format, read and never written."""
