"""The pages of training groups: for everybody, for who applied, for coordinators."""
