"""The portal killed while people write: a few times here, two hundred times by `make soak`."""
