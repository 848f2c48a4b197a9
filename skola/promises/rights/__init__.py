"""What people may ask of us about their data: to see it, to take it along, to have it erased.

From the declarations of the inventory a plan is made: which tables hold a person's rows, how to get
to them by one indexed look-up, what the person is to each row, and in which order rows can go.
Access and erasure carry it out. Serves the clauses on rights of every policy; explained in
``docs/explanation/erasure.md``.
"""
