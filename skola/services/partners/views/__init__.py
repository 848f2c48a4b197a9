"""Pages of people of partners: the office's, and theirs."""
