"""What a changed policy would do to today's data: what goes when, what is stuck, who is told.

The same expressions as the sweep's, over every row of the tenant, in one snapshot; nothing changes.
``statements`` asks one table, ``queries`` all of them, ``rules`` holds the answer.
"""
