"""What a tenant offers, a room for each. Each declares what it holds; the engine acts on that."""
