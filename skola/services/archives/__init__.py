"""Packages of school years for an archive service: made, handed over, restored, deleted in time.

A package is sealed under a key of its own that stays here. The archive service keeps bytes; when
the last pupil of a year is due, the key goes, and no copy can be read any more. Clauses:
ekool-5.2.3.
"""
