"""Academies: client organisations of a platform, each a tenant and a controller of its own.

At the operator's tenant a customer founds one: address, brand, languages, and a policy that is made
from a template, checked and published like any other. In the academy its administrator changes the
brand, reads the processing agreement and the log of instructions, and lets the operator's staff in
for a stated time and reason; they have no access otherwise. Serves learnifier-12, learnifier-3.2,
learnifier-10.b, learnifier-10.d, learnifier-11 and learnifier-cta.
"""
