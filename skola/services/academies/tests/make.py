"""Makers of academies, with honest defaults."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from skola.ground.people.models import Account
from skola.ground.people.tests import make
from skola.services.academies.actions.founding import Founding, arrival_of, found_academy
from skola.services.academies.models import Academy
from skola.services.academies.policy import Wanted

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOLD = Founding(
    word="bergslag",
    name="Bergslags akademi",
    tagline="Det vi kan, lär vi ut",
    accent="#2f6f4f",
    organisation="Bergslags Verkstad AB",
    number="SE-556000-0001",
    address="Gruvgatan 3, 711 30 Lindesberg",
    email="personal@bergslag.example.org",
    country="SE",
    languages=("sv", "en"),
    days=30,
)


WANTED = Wanted(
    slug="learnifier-bergslag",
    hosts=("bergslag.learnifier.localhost",),
    name=TOLD.name,
    tagline=TOLD.tagline,
    accent=TOLD.accent,
    organisation=TOLD.organisation,
    number=TOLD.number,
    address=TOLD.address,
    email=TOLD.email,
    country=TOLD.country,
    languages=TOLD.languages,
    operator="Learnifier",
    reference="learnifier-bergslag-1",
    days=TOLD.days,
)


@dataclass(frozen=True)
class Founded:
    """An academy, where it is, and how its founder comes in."""

    academy: Academy
    host: str
    arrival: str


def founded(founder: Account | None = None, *, now: datetime = NOW, **told: Any) -> Founded:
    """Found an academy at the speaking tenant."""
    by_whom = founder or make.account()
    about = replace(TOLD, **told)
    academy = found_academy(by_whom.person, about, address=by_whom.email, by="customer", now=now)
    token = arrival_of(academy, by_whom.email)
    host = f"{about.word}.learnifier.localhost"
    return Founded(academy, host, f"/academies/arrivals/{token}/")
