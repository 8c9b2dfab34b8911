"""What things cost, measured by hand with `make bench`: no test measures time."""
