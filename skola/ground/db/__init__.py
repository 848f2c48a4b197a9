"""PostgreSQL: the backend that tells it the tenant, the walls between tenants, and a local server.

Every other room uses the database through Django and needs nothing from here.
"""
