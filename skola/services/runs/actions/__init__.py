"""What changes runs: the run itself, who takes part, what is mailed."""
