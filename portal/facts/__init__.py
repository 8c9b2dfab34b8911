"""Shared reads that changes and pages both rest on."""
