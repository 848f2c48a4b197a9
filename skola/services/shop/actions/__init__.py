"""Everything that changes something in the shop."""
