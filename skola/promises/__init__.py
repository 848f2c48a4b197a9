"""The promise engine. It never imports a service: it acts on what services declare."""
