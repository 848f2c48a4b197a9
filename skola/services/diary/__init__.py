"""The diary: lessons with topic and homework, absences, marks, notes of parents.

What is entered about a pupil belongs to the pupil's year in a class and goes with it. Pupils and
confirmed parents see their own, teachers their groups, form teachers their class, nobody else.
Study information serves the contract with the school and nothing else (ekool-4.4).
"""
