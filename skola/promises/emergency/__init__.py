"""Breaking the glass: staff reach somebody whose life may depend on it, and a person looks after.

It takes a reason, shows names and contact data only, ends within a quarter of an hour, is told to
whom it was about, and waits for an officer's review. Clause: ema-1.5.4.
"""
