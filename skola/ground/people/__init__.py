"""People: data subjects with and without an account, their roles and their guardians.

A person is whom data are about; an account is a way to sign in. A role is held for something: this
course, this organisation, this child's school. Clauses: ilearn-4.a, ekool-1.4-parent, ilearn-11.d.
"""
