"""Exams: a supervised attempt that people can trust, its film, and the time to contest it.

The server owns the clock, a person checks who sits there, and a person gives the result. Film and
contest have one term: a contest holds the film, its decision lets it go, and then its key is
destroyed and the candidate gets a receipt. Clauses: ilearn-40.a to ilearn-40.d, ilearn-11.b.
"""
