"""Education documents: a register with numbers, and a page on which everybody can check one.

What was issued is never changed: it is annulled, or another one takes its place. The page tells
whether a document is valid, and nothing else. Clauses: kic-purpose-documents.
"""
