"""Live lessons: while a group meets, its trainer and participants write to each other at once.

A page of our own that asks for what is new every few seconds: the session that knows who is signed
in is the only cookie that it needs. Clause: kic-cookie-realtime.
"""
