"""Posts of a school: the school says who reads and who writes in each place for posts.

Readers are kinds of people of a school, a class or a subject group, never a list of names. Who read
a post is not kept. Clauses: ekool-8.5-posts.
"""
