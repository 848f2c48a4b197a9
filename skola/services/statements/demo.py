"""Authorities and statements, invented: what the school gave for the weeks behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.school import api as school
from skola.services.statements import actions
from skola.services.statements.rules import About

READER = "Maret"
"""Given name of the persona who reads for the municipality."""


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Give some statements of the schools of the speaking tenant, as far as there are pupils."""
    if not (has("statistics.publish", now=now) and has("diary.school", now=now)):
        return
    today = school.today_here(now)
    first = school.Pupil.objects.select_related("school_class__year__school").first()
    if first is None:
        return
    year = first.school_class.year
    local = actions.register_authority(
        name="Lepiku vald",
        level="municipality",
        municipality=year.school.municipality,
        agreement="2024/118",
        by="demo",
        now=now - timedelta(days=300),
    )
    actions.register_authority(
        name="Haridus- ja Teadusministeerium",
        level="ministry",
        municipality="",
        agreement="2024/7",
        by="demo",
        now=now - timedelta(days=300),
    )
    for one in people[:10]:
        if one.given_name == READER:
            actions.authorise(local, one, by="demo", now=now - timedelta(days=290))
    until = today - timedelta(days=7)
    if until <= year.starts_on:
        return
    for about in About:
        actions.give_statement(
            year.school,
            about=about,
            from_on=year.starts_on,
            until_on=until,
            by="demo",
            now=now - timedelta(days=5),
        )
