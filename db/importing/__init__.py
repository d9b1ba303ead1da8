"""How rows become tickets, events, ratings and facts: `writer.import_rows`. Nothing else writes to the store."""
