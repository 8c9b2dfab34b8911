"""HTTP plumbing: one gate, forms, errors, words."""
