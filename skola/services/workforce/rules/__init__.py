"""Decisions of the workforce: when training is due and why, and how two lists differ."""
