"""The pages of pupils' data: for families and classes, and for the school's office."""
