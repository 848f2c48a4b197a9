"""Makers of packages for tests."""

from datetime import UTC, datetime

from skola.services.archives.actions import pack
from skola.services.archives.models import Held, Package
from skola.services.diary.tests import make as diary
from skola.services.school.models import Pupil

OVER = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
"""A Monday after the school year."""


def packed(*, pupils: int = 2) -> Package:
    """A year with marks that is over and packed."""
    world = diary.world(pupils=pupils)
    for one in world.pupils:
        diary.mark(world, one)
    return pack(world.school_class.year, by="school", now=OVER)


def package_with(pupil: Pupil) -> Package:
    """A package in which a pupil's year is, without its file."""
    made = Package.objects.create(
        year=pupil.school_class.year, digest="d" * 64, pupils=1, records=1, made_at=OVER
    )
    Held.objects.create(package=made, pupil=pupil)
    return made
