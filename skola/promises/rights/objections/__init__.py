"""Objections: which uses of their data somebody stopped, for the time being or for good.

An objection to a use that rests on an interest pauses it at once for who objects, and for nobody
else; what was done before stays done. Whoever uses data for such a purpose asks here first.
Explained in ``docs/explanation/requests.md``. Clauses: ilearn-10.d, ilearn-23.e, ema-9.1.4.
"""
