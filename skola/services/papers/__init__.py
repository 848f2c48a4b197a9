"""Papers: what is kept on paper about a person, where it stands, and when it has to be destroyed.

A paper is a record like any other: it is in a copy of the person's data, has its clock, and goes
with an erasure. What then stands on the shelf is a task that names nobody. Clause: ilearn-6.a.
"""
