"""Erasing a person everywhere: freeze, probe, act, ask again until nothing is left, and a receipt.

Explained in ``docs/explanation/erasure.md``.
"""
