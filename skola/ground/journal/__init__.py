"""The privacy journal: what was decided about people, kept where no backup of the database reaches.

A restored backup does not know who was erased since. The journal does: each decision is written
down, on another disk if one likes, before its transaction commits, and repeated after a restore.
Until then nothing is served. Serves promise-engine 4.8 and law L20; see
``docs/explanation/backups.md``.
"""
