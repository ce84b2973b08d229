"""A release as memory-mapped arrays: opened in a blink, asked one by one or all at once."""
