"""The pages of schools: for who administers them, and for parents who ask for access."""
