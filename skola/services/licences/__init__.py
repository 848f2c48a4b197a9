"""Licences: a company orders seats of a course, gives them to its people, and takes them back.

The seats of a licence are a ledger: entries say how many were bought, assigned, released and
expired, and none is ever changed. What is left is counted from them; no two browsers can give away
the same seat. Who holds a seat takes the course up to the day on which the licence ends; then its
lessons are locked, and what was done stays readable. Clauses: ema-1.1.3, ema-1.6.2.
"""
