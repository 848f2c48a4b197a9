"""Reading people's data for a stated purpose: a register of reports, each with one purpose.

Every report names columns of the inventory, and the policy says whether its purpose may read them.
What it does not list is refused, and the refusal is audited. Numbers leave out small groups; names
are for those whose work needs them, and each reading of names is in the audit.
Clauses: ilearn-8.e, ilearn-9.a, ilearn-9.c, ilearn-9.f, ilearn-11.k, ema-1.2, kic-purpose-related,
ekool-4.2.3, ekool-4.4, ekool-6.6.
"""
