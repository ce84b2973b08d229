"""What technology providers are asked and answer: a form, its strict reading, and the review of each claim."""
