"""The demo: five tenants with invented people and two years of history, the same every time."""
