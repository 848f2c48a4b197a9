"""Who works for the controller, task by task: what each is sent, whether, and how it went.

A connector sends a typed payload cut down to what the policy lists, through one way out, while its
switch is on and its processor is active in the register. Errors and reports of problems lose what
tells of people before they leave; pages wait for none of it.
Clauses: ema-2.4.
"""
