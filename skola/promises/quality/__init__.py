"""Quality of the data: what is held is looked through regularly, and what is not right is a task.

Rooms say what is to be checked (``checks``); one scheduled run looks, and each thing found goes to
who can put it right, with an outcome. Two records of one person are made one, and can be parted
again for a while. The table ``[data_quality]`` of the policy says how often.
Clauses: ekool-7.2, ilearn-9.d, kic-accuracy.
"""
