"""The door of ``certificates``."""

from skola.services.certificates.actions import Terms, award, set_rule
from skola.services.certificates.models import Award
from skola.services.certificates.queries import CAPABILITY

__all__ = ["CAPABILITY", "Award", "Terms", "award", "set_rule"]
