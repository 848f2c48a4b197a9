"""Briefings: texts that people read and sign, with who instructed them, as evidence for inspectors.

A briefing is signed by both sides within one record and one day. Each signature names the person,
the moment and the version of the text, and is sealed, so that any alteration shows. The evidence
of a person is a file that anybody can verify without this service.
Clauses: ema-2.1.8, ema-2.5, ema-2.6.
"""
