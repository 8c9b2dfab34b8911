"""An invented council with invented people and families, made from a seed; it always looks as if made today."""
