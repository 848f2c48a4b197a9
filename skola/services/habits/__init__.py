"""Habits: on how many days somebody uses a service, what they wish of it, and what is wrong.

All of it is of one category, which a policy gives to its studies of customers and to nothing else.
An objection to the study stops the counting and erases what was counted; a complaint stays, for it
waits for an answer. Clause: ekool-3.1.4.
"""
