"""What a tenant offers: one room a service. Each declares what it holds; the engine acts on that."""
