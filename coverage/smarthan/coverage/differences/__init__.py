"""What changed between two releases: found by aligning sorted keys, told by location and by area."""
