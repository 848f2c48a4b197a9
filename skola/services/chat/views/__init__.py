"""The chat's pages: for who asks, and for who answers."""
