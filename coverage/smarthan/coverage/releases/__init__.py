"""Releases of the coverage matrix: read with every row accounted for, kept, published."""
