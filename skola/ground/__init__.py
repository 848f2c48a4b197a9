"""The ground floor: tenants, people, audit, clock, files, jobs, and the look. Nothing here knows what a course is."""
