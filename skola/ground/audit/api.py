"""The door of ``audit``."""

from skola.ground.audit.actions import forget_subject, pseudonym, record
from skola.ground.audit.models import Entry

__all__ = ["Entry", "forget_subject", "pseudonym", "record"]
