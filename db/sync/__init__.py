"""Sources that live: what they changed, and when, goes into the store while they go on."""
