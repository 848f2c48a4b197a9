"""The pages of runs: those of who leads them, and the one behind the link."""
