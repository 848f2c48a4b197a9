"""Certificates of courses: issued by a rule of the course, shown to others, shared by their holder.

The certificate itself is an education document (``documents``); here is why it was issued, and
what its holder can do with it. Clauses: ilearn-11.b, ilearn-23.b, learnifier-5.s.
"""
