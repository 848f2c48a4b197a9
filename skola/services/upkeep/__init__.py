"""Upkeep: planned works, interruptions and repairs, told to exactly the customers that they reach.

Who is reached follows from running contracts: those for the course that is worked on, or all where
the whole service is. Each is told once, with proof, by the first channel that reaches them.
Clauses: ilearn-8.d, ilearn-29, ilearn-30.
"""
