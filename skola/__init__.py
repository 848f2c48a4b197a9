"""Skola, a learning platform that executes its own privacy policy."""
