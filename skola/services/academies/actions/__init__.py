"""What changes academies: founding, the brand, the operator let in, the end."""
