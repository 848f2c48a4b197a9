"""Boards, a blog with comments, and chat rooms: what people write where several read it.

Who reads a forum is set with it: everybody, whoever has an account, or who takes and makes one
course. Under a post stands a name of the author's choice, never an address.
Clauses: learnifier-6.a, learnifier-6.b.
"""
