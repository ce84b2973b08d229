"""Scores at the best estimates: values on agreed ranges, weights, dominance, stability, other methods beside them."""
