"""Jobs: work that is done after the answer, kept in PostgreSQL beside the data it is about.

A job is enqueued in the transaction of what caused it, so it exists exactly when that does. It
takes plain values, enters its tenant, calls one action, and may run twice. Procrastinate does the
queueing; nobody outside of this room speaks to it.
See ``docs/decisions/0005-jobs-procrastinate.md``.
"""
