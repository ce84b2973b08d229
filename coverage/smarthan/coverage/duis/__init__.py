"""DUIS service request 12.1, Request WAN Matrix: its documents read and written, facts of the schemas only."""
