"""How was it? A survey after each course and group, whose answers nobody can be told from.

An answer holds scores and what they are about: no person, no token, no moment. Reports leave out
what fewer people than the policy says have answered. Clauses: kic-purpose-service, ilearn-9.e.
"""
