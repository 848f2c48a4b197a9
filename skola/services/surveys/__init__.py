"""How was it? A survey after each course and group, whose answers nobody can be told from.

An answer holds scores and what they are about: no person, no token, no moment. Reports leave out
what fewer people than the policy says have answered. Beside it customers are asked about a risk of
the register; those answers serve risk management and nothing else.
Clauses: kic-purpose-service, ilearn-9.e, ilearn-9.g.
"""
