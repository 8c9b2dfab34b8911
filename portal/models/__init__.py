"""Tables: columns, constraints, relationships."""
