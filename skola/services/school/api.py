"""The door of ``school``."""

from skola.services.school.actions import TwiceError, enter_pupil, leave_class
from skola.services.school.agreeing import (
    Agreement,
    Bounds,
    OutOfBoundsError,
    agree_term,
    bounds,
    end_terms,
    term_of,
)
from skola.services.school.models import (
    CLASS,
    GROUP,
    SCHOOL,
    Group,
    LinkRequest,
    Pupil,
    School,
    SchoolClass,
    Slot,
    Subject,
    Year,
)
from skola.services.school.places import places, today
from skola.services.school.queries import (
    DayLesson,
    Place,
    classes_of_today,
    how_many_pupils,
    lesson_of,
    lessons_in,
    lessons_on,
    places_for,
    pupils_in,
    pupils_of,
    slots,
    stands_in,
    taught_in,
    teachers_of,
    zone,
)
from skola.services.school.queries import today as today_here
from skola.services.school.rules import Scale, moment, read_day
from skola.services.school.securing import BLOCK, close_without_second_factor

OF_A_YEAR = (
    (Subject, "groups__school_class__year"),
    (SchoolClass, "year"),
    (Group, "school_class__year"),
    (Pupil, "school_class__year"),
    (Slot, "group__school_class__year"),
)
"""What belongs to a school year, and the way to it; parents first."""

__all__ = [
    "BLOCK",
    "CLASS",
    "GROUP",
    "OF_A_YEAR",
    "SCHOOL",
    "Agreement",
    "Bounds",
    "DayLesson",
    "Group",
    "LinkRequest",
    "OutOfBoundsError",
    "Place",
    "Pupil",
    "Scale",
    "School",
    "SchoolClass",
    "Slot",
    "TwiceError",
    "Year",
    "agree_term",
    "bounds",
    "classes_of_today",
    "close_without_second_factor",
    "end_terms",
    "enter_pupil",
    "how_many_pupils",
    "leave_class",
    "lesson_of",
    "lessons_in",
    "lessons_on",
    "moment",
    "places",
    "places_for",
    "pupils_in",
    "pupils_of",
    "read_day",
    "slots",
    "stands_in",
    "taught_in",
    "teachers_of",
    "term_of",
    "today",
    "today_here",
    "zone",
]
