"""The pages of briefings: reading and signing, the journal, evidence."""
