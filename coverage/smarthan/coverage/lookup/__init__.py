"""Look-ups: one question or many, each answered with a status, a state and words."""
