"""The pages of exams: for candidates, for the attempt itself, for the film, for examiners."""
