"""The door of ``certificates``."""

from skola.services.certificates.actions import Terms, award, set_rule
from skola.services.certificates.badges import badge
from skola.services.certificates.models import Award
from skola.services.certificates.queries import CAPABILITY, standing_of

__all__ = ["CAPABILITY", "Award", "Terms", "award", "badge", "set_rule", "standing_of"]
