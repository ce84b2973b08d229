"""What a release amounts to: roll-ups, portfolios, accuracy against installs, targets."""
