"""What repeats in daily counts, what is expected next and what stood out: pure arithmetic on numpy arrays."""
