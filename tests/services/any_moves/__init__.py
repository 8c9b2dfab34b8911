"""Clicks of random people, by what they are about; put together in test_any_moves."""
