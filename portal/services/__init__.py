"""Changes: one function is one thing a person did."""
