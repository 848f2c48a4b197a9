"""The pages of billing: a person's own, and the office's."""
