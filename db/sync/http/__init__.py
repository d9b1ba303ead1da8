"""Systems that are read by their HTTP API."""
