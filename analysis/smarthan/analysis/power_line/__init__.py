"""Signals on mains wiring: transfer functions of networks of cable, and of measured sets of paths."""
