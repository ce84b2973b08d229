"""The programme's three lists as data: gaps and issues, comments on documents, answers to a consultation."""
