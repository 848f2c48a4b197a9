"""What is held about whom: the register of every table and every column.

Each model says beside its fields which of them are personal, of which category, and how to get
from a row to the person; libraries' tables are declared here. Two checks keep the register whole:
one reads the models, the other the catalogue of the database. Retention, access and erasure act on
nothing else.
"""
