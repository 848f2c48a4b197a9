"""Companies and who represents them, found in public sources.

Whoever is entered from a register or the web is told so, with the source, within the term of the
policy; until then a task waits. Clauses: kic-source-public; GDPR Art. 14.
"""
