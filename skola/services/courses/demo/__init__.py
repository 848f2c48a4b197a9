"""Courses for the demo: their texts lie in ``content``, their learners and two years of history
are drawn by chance, the same ones each time.
"""

from skola.services.courses.demo.fill import make_course, populate

__all__ = ["make_course", "populate"]
