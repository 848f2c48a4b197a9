"""Schools: years, classes, subjects, who teaches and learns what, the timetable and its changes.

A tenant has as many schools as it serves; each is administered apart. Parents ask here to be linked
to their children, and the school confirms with proof. Clauses: ekool-1.4-*, ekool-8.5-*.
"""
