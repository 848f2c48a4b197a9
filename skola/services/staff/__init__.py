"""Those who work here: what they may do, whether they are trained, what they have read.

A role of the staff opens something once somebody else approved it, until its review is due, and
while the training that it asks for is valid; internal guidelines have versions, a day of review and
acknowledgements. Clauses: kic-security-access, kic-security-training, kic-security-practice.
"""
