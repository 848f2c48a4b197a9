"""Restricting somebody's data and lifting it: two steps, for the person is told in between."""
