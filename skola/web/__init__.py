"""The front door: home pages by role, error pages, the demo's personas, the commands."""
