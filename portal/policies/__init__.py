"""Who may do what, and whose rows a viewer can ever read."""
