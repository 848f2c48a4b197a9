"""The pages of academies: the operator's, and those of the academy itself."""
