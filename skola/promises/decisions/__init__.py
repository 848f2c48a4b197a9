"""Decisions that the software takes about somebody, and the people who look at them again.

A room below registers a point at which the software decides; the policy says in ``[[automated]]``
what it leads to and on which grounds it may. Without a ground, or once somebody objected, a person
decides. Whom it is about is told each time, with the logic and what it rested on, and may have a
person look at it. Clauses: ilearn-13.a, ilearn-13.b, ilearn-14.
"""
