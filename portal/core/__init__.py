"""Plumbing that knows no families."""
