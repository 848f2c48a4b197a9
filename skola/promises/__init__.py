"""The promise engine: policy, inventory, retention, cookies, notices. It never imports a service."""
