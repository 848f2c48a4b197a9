"""Tables of exams: what is asked, who sat, what was filmed, what was contested."""

from skola.services.exams.models.asked import Exam, Question, Sitting
from skola.services.exams.models.contested import Contest, Receipt
from skola.services.exams.models.filmed import Recording, Take, Viewing
from skola.services.exams.models.sat import Answer, Attempt, IdentityCheck

__all__ = [
    "Answer",
    "Attempt",
    "Contest",
    "Exam",
    "IdentityCheck",
    "Question",
    "Receipt",
    "Recording",
    "Sitting",
    "Take",
    "Viewing",
]
