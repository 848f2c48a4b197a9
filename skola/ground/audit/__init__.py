"""Audit: who did what, when and under which clause, without a name.

An entry is inserted in the transaction of what it tells of. The application may add and read
entries, never change or delete them. Persons appear as keyed pseudonyms; destroying a person's key
leaves every entry in place and nobody able to tell whom it was about.
"""
