"""Billing: contracts with the text that was accepted, invoices, payments, and who owes what.

An invoice is never changed: a credit note follows it. Nothing here is deleted by hand; the
retention engine does it when the term of the accounting law has ended. Clauses: ilearn-8.b,
ilearn-8.j, ilearn-11.q, ilearn-20.a, ilearn-20.b, ilearn-20.e, ema-1.1.3, ekool-1.3.
"""
