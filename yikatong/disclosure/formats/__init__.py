"""Formats of a publication: each file writes one. The same publication always gives the same bytes."""
