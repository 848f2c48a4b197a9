"""The shop: for everybody, for who ordered, and for the office."""
