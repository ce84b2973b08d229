"""Ofcom's published mobile coverage by local authority, to hold the WAN beside."""
