"""What who operates the gateway sees of it: health, metrics, logs, traces; and how it starts and ends."""
