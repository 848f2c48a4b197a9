"""Pages of events: for everybody, for who registered, and for the office."""
