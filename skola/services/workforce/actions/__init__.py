"""Everything that changes the workforce, one function each."""
