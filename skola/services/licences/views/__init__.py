"""The pages of licences: for a company's training manager, for holders of seats, for staff."""
