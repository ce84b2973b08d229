"""Scores under doubt: draws of judgements and weights, ranks over them, facts against values, shortlists."""
