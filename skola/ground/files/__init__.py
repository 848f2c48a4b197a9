"""Files that people upload: encrypted, each under a key of its own, opened by permission only.

Destroying the key, a row of 60 bytes, destroys the object in every copy and backup. Which kinds of
file there are and who may open them is registered by the room that holds them. Serves the retention
clauses of every policy that stores uploads, and promise-engine 4.10.
"""
