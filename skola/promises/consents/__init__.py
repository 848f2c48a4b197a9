"""Consents: who agreed to what, how it was asked, and until when it stands (GDPR Art. 7).

A consent is one interval: given, by which channel, to which wording, until it is withdrawn, has
expired or lost what it was given to. Giving again adds another; withdrawing ends them all. Whether
one stands is asked at the moment of use, never remembered.
Clauses: ilearn-25.a, ilearn-26.a, ilearn-27, ema-1.5.2, ekool-1.9.
"""
