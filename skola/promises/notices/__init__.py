"""The policy as people read it, and beside each promise whether it is true.

The rendered notice, its versions and the public registers are drawn from the policy in force and
from the inventory; nothing is typed twice. The worker computes the marks from live data, pages read
them: rules.py says what a mark is, facts.py asks for what is so, checks.py compares, measures.py
looks at the installation itself, truth.py keeps what was found.
Clauses: ilearn-intro, ilearn-3, ilearn-39, ilearn-41, kic-change-current, learnifier-17.b,
ema-6.1-care, ekool-1.7-list, ekool-9.1, ekool-9.4.
"""
