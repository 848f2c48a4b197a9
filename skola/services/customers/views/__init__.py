"""The pages of the catalogue: a customer's own, and the office's."""
