"""The door of ``audit``."""

from skola.ground.audit.actions import forget_subject, pseudonym, record
from skola.ground.audit.http import by
from skola.ground.audit.models import Entry

__all__ = ["Entry", "by", "forget_subject", "pseudonym", "record"]
