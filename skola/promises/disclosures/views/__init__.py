"""The officer's pages of disclosures."""
