"""The administration of people: who is here, what they may do, who stands for them.

Administrators and the officer see a person whole, support sees how to reach them. Every act is
audited and told to the person it is about. Clauses: ilearn-11.l, ilearn-11.d, ilearn-20.j.
"""
