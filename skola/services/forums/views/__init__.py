"""Pages of forums, by what people do there: read, write, run."""
