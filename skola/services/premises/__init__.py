"""Premises: areas under cameras with their signs, what footage is stored, and requests for it.

The room keeps the register, not the pictures: those are on the recorder that the entry names. An
entry goes with the term of the policy. Clause: ilearn-4.b.
"""
