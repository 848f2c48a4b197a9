"""The desk: enquiries from every channel in one queue, and the register of recorded calls.

Who asks needs no account, and asking makes none: what an enquirer tells is kept in the enquiry and
goes with it. Recordings are played by reviewers only, for a reason, and each playing is audited.
Clauses: ilearn-2.a, ilearn-11.h to 11.j, ilearn-21, ilearn-disputes, kic-purpose-answer,
learnifier-4.a, ema-4.*, ema-5.*.
"""
