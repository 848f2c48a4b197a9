"""Mail that comes in: taken at the addresses that the policies name, and given to who answers.

Each message counts once, however often it is delivered. What the sender writes of themselves
proves nothing: rooms that take a letter ask the address that they know. Explained in
``docs/how-to/take-in-mail.md``. Clauses: ilearn-2.a, ema-9.2, learnifier-17.a.
"""
