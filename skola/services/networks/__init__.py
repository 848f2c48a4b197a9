"""Examination networks: candidates go to an operator outside, results come back, both as files.

An operator can be switched on only when accepted contracts or terms name it, and only learners who
accepted such a text are sent. Clauses: ilearn-17.b.
"""
