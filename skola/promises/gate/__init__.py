"""What may be read now: restriction, told by row-level security in the database itself.

A person whose data are restricted (GDPR Art. 18), or one object of theirs, is not there for
anybody who reads: pages, searches, counts, exports, raw SQL. Nobody has to ask; the policies are
made from the inventory's declarations, and purpose and person come with the connection.
"""
