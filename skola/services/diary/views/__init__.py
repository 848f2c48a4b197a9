"""The pages of the diary: for teachers, form teachers, pupils and their families."""
