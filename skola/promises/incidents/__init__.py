"""Risks looked at beforehand, and incidents looked into: each with an owner, a measure and a day.

An incident that is a breach of personal data starts the clock of the law (GDPR Art. 33): the
authority is told within 72 hours, or it is written down why not. Whose data it touched is found
in the logs of who looked at what, and they are written to. How an officer does it stands in
``docs/how-to/handle-a-breach.md``. Clause: kic-security-risk.
"""
