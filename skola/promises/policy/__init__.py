"""The policy language engine: reads, checks, compares and renders a tenant's promises.

A policy is one TOML file a version. This room turns it into frozen structs with errors that name
file, table and key, adds what the law demands, says what is inconsistent, and writes it out again:
as a notice in the tenant's languages, as a record of processing, as JSON-LD. It knows no database
and no clock, so it can be used by a lawyer's laptop as well as by the platform.
"""
