"""Backups: a dump, the objects, and the keys apart from both, each with a digest and an end.

A backup alone brings nobody back: its objects are opened by keys that lie elsewhere and live a
week, and a restored database serves nobody until the privacy journal was repeated. Serves
promise-engine 4.8 and 4.10; see ``docs/explanation/backups.md``.
"""
