"""Reaching somebody: one notice, by the first channel of the policy that their data allow.

Each try is a delivery with its state; what failed is followed by the next channel. Who has an
account reads notices there and settles for each device what is shown on it. Clauses: ilearn-29,
ilearn-34.d, ilearn-6.c.
"""
