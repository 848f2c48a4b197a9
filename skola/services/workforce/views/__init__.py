"""The pages of the workforce: for employees, for those who look after them, for staff."""
