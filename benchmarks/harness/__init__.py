"""Contenders in processes of their own, run in turn, compared on what they answer, how fast and in how much memory."""
