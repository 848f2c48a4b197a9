"""Hiring: vacancies, applications, and a selection that ends.

Candidates are apart from everybody else: their data stand in the application, are seen by
recruiters of the vacancy only, and go when the selection closes, at the latest after the day that
the vacancy was published with. Who withdraws is erased at once. Clauses: ema-3.1-role to ema-3.4.
"""
