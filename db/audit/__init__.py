"""Who asked what: the records, the one place that writes them, the queue before it, and the pages read from it."""
