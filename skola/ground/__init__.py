"""Tenants, people, audit, clock, files, jobs, the look. Nothing here knows what a course is."""
