"""Undertakings of confidentiality: signed before a role of the staff opens anything.

What is signed stands in the policy, with its version; a new version is signed anew. A signature
outlives the account. Clauses: ekool-2.5-confidential.
"""
