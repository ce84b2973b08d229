"""Postcodes as text: read by the letter rules, never corrected; and as direct addresses."""
