"""Requests that come as plain mail: each opens a case, and the address that is known confirms it.

Whom a mail says it is from proves nothing. A link goes to an address; who opens it there has shown
that they read it, and only then is the case theirs. What goes out is the same whether an address
is known here or not. Explained in ``docs/explanation/requests.md``. Clauses: ema-9.2, ilearn-2.a,
learnifier-10.c, ekool-8.2, ema-intro.b.
"""
