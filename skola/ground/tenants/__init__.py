"""Tenants: each is a controller with its own people, data, policy and host names.

A tenant is entered by host name, by a job or by a command, with ``inside``. Outside of any tenant
the database shows no rows of tenants at all.
"""
