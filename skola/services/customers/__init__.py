"""Customers: since when they are, which services they have under contract, and what they pay.

A function that the catalogue sells is open to who has it under contract, and to nobody else; what
the catalogue does not name is there for everybody as before. Fees are counted from the tariff and
become invoices of ``billing``. Clauses: ekool-1.3, ekool-1.6, ekool-4.2.2-perform, ekool-7.6.
"""
