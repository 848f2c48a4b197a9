"""Decisions of briefings: who may sign what when, what a signature says, how texts differ."""
