"""Workforce: companies with their people, and what each position has to be trained in.

A company of the service has a tree of units, positions and employees, who come from its own list.
Requirements by position become tasks with a due date that a sentence explains. The employer sees
status and dates of its own people for the time of their employment, nothing else. What waits is
told in one digest per person and day.
Clauses: ema-2.1-name, ema-2.1-work, ema-2.1.7, ema-2.1.9, ema-2.5, ema-2.6.
"""
