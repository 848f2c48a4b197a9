"""Support chat: a visitor or user talks to somebody of the staff, and the talk is an enquiry.

What is said stands in the enquiry of the desk, with its term; this room holds who talks now, when
somebody answers, and who wants none of it. Nothing is loaded or set before somebody opens it.
Clauses: ema-11.2-chat-feature, ema-11.2-chat, ema-1.1.2, ema-1.6.3.
"""
