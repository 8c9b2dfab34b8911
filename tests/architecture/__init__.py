"""What holds across all rooms."""
