"""Children below the age of the service: who is reported is shown to nobody from then on.

Anybody may report, without an account. What the child wrote is hidden in the same second; staff
decide within the term of the policy, and what nobody decides in time is brought before everybody
who can. Clauses: learnifier-14.b, learnifier-14.c.
"""
