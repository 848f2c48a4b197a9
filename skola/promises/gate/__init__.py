"""What may be read now: told by row-level security in the database itself.

What is due is not there for anybody who reads, from the second on, whether or not a sweep has run.
A person whose data are restricted (GDPR Art. 18), or one object of theirs, is not there either:
pages, searches, counts, exports, raw SQL. Nobody has to ask; the policies are made from the
inventory's declarations, and purpose and person come with the connection.
"""
