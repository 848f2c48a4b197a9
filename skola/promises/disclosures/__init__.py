"""Disclosures: the one gate through which personal data leave, and the ledger of what passed it.

Who may receive, is in the policy; who it is by name, with agreement, checks and safeguard, is in
the register; what goes out are the fields of the policy and nothing else. Each passing on is an
entry that the person sees. Clauses: ilearn-15 to ilearn-19, kic-disclosure-grounds, ema-7.1 to
ema-7.3.4, ekool-5.1 to ekool-5.3, learnifier-7 and learnifier-8; GDPR Art. 19, 28, 30, 44.
"""
