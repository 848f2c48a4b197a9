"""Summary statements of schools to education authorities: numbers without names.

Municipalities and the ministry are customers with a contract; who represents them sees statements
and nothing else. Every number passes ``publish_table``.
Clauses: ekool-5.2.5, ekool-1.4-institution.
"""
