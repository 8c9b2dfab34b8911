"""The worker: what is sent to whom, however often it is cut off."""
