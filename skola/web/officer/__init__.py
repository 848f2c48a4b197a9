"""The officer's place: what goes tonight, what went, what is held back, and why.

Every morning and every evening the data-protection officer sees what the promises do, can hold
what must not go, and lets go what the sweep did not dare to erase by itself.
"""
