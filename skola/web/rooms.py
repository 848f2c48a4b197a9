"""The doors of the service rooms, in the order in which people use them."""

from functools import cache
from importlib import import_module
from types import ModuleType

from django.apps import apps

ORDER = (
    "school",
    "diary",
    "messages",
    "pupils",
    "community",
    "statements",
    "archives",
    "courses",
    "forums",
    "live",
    "groups",
    "events",
    "companies",
    "documents",
    "exams",
    "networks",
    "certificates",
    "records",
    "campaigns",
    "desk",
    "chat",
    "referral",
    "testimonials",
    "runs",
    "academies",
    "billing",
    "customers",
    "applications",
    "hiring",
    "workforce",
    "briefings",
    "licences",
    "shop",
    "surveys",
    "staff",
    "undertakings",
    "visits",
    "reaching",
    "upkeep",
    "partners",
    "papers",
    "habits",
    "premises",
)


@cache
def room_doors() -> tuple[ModuleType, ...]:
    """Return ``api`` of each installed service room. A room may offer ``places`` and ``today``."""
    return tuple(
        import_module(f"skola.services.{room}.api")
        for room in ORDER
        if apps.is_installed(f"skola.services.{room}")
    )
