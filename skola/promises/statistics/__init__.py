"""Numbers without names: tables leave the service through one function, ``publish_table``.

Small numbers are left out, and as many others that no small one can be computed from what is left.
Clauses: ekool-5.2.5, ekool-1.4-institution.
"""
