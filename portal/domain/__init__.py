"""Plain Python about families and the work with them; no framework."""
