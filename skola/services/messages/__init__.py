"""Private messages between two people of the service who have to do with each other.

Who that is, the rooms say: teachers with pupils and guardians, who makes a course with who takes
it. Nobody else reads them, who administers a school included. Clauses: ema-1.1.1-messages,
ekool-1.1, ekool-1.4-admin.
"""
