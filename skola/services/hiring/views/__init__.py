"""The pages of hiring: for everybody, for candidates, for recruiters."""
