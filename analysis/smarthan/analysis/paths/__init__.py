"""The probability that a path works given its building: fitted, judged on buildings not seen, bounded by type."""
