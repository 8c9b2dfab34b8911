"""The Early Help Portal: keeps a team around the family together."""
