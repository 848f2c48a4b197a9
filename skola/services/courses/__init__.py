"""Courses: making them, finding them, taking them, and coming back to where one stopped.

A course has sections, a section has lessons: text, pictures, video with captions, files. Who may
make courses and whether there is a catalogue is decided by the tenant's policy
(``courses.author``, ``courses.author.self``, ``courses.catalogue``, ``courses.take``).
Serves ilearn-page-cta, ilearn-8.c, ilearn-11.b and the services of the other policies that teach.
"""
