"""Partners: people of a partner who work here, each let in for one activity and until a moment.

Who is let in stands in the register as active, with its agreement and, outside the European
Economic Area, a safeguard. They see what the policy lists for the activity and nothing else, each
passage through the gate; at the end the sign-in is refused. Clauses: ilearn-15.a, ilearn-18,
learnifier-7.d.
"""
