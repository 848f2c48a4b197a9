"""Tables of exams: what is asked, who sat, who invigilated, what was filmed and contested."""

from skola.services.exams.models.asked import Exam, Question, Sitting
from skola.services.exams.models.contested import Contest, Receipt
from skola.services.exams.models.filmed import Recording, Take, Viewing
from skola.services.exams.models.invigilated import Invigilator, Note
from skola.services.exams.models.sat import Answer, Attempt, IdentityCheck

__all__ = [
    "Answer",
    "Attempt",
    "Contest",
    "Exam",
    "IdentityCheck",
    "Invigilator",
    "Note",
    "Question",
    "Receipt",
    "Recording",
    "Sitting",
    "Take",
    "Viewing",
]
