"""Campaigns: messages to many, each receiver on a ground that is asked again when it is sent.

What may be sent to whom stands in the policy (``[[message]]``); who refused is left out, and stays
left out after an erasure. Clauses: ilearn-30 to ilearn-35, kic-marketing-consent, learnifier-9.a,
ekool-6.1.2 to ekool-6.5.
"""
