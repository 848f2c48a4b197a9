"""How long: the engine that knows when each piece of personal data has to go, and lets it go.

A part (the columns of one category in one row) is kept by floors and ended by ceilings, which
follow from the tenant's policy and from facts. Its due date is stored and indexed; the sweep
computes it again before it acts, erases in batches, and writes the audit in the same transaction.
Serves the retention clauses of every policy. The model is explained in
``docs/explanation/retention.md``.
"""
