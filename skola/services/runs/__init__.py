"""Runs: one course for one group, from a first day to a last one.

Participants come by hand, by a list that is shown before it is applied and can be taken back, or by
a link with a password, a limit and an end. Mails go out by rule, nobody gets the same one twice,
and whoever leads the run sees who is behind. Serves learnifier-12.a, learnifier-12.b and
learnifier-3.2.f where a policy has ``runs.hold``.
"""
