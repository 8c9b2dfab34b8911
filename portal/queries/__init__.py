"""Reads: rows shaped for a page."""
