"""Representatives of the demo: one who was told, and one who is still to be told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.companies import actions
from skola.services.companies.actions import Found
from skola.services.companies.queries import CAPABILITY

BY = "skola demo"
_FOUND = (
    ("Dace", "Vītola", "SIA Ziemeļu Koks", "personāla vadītāja", "register", "Uzņēmumu reģistrs"),
    ("Andris", "Lācis", "SIA Upes Krasts", "valdes loceklis", "web", "https://upeskrasts.example"),
)


def populate(_service: str, _people: Sequence[Person], _chance: Random, now: datetime) -> None:
    """Add representatives to the speaking tenant, where its policy has them."""
    if not has(CAPABILITY, now=now):
        return
    for days, (given, family, company, position, source, where) in zip(
        (30, 8), _FOUND, strict=True
    ):
        at = now - timedelta(days=days)
        email = f"{given}.{family}@example.org".lower().replace("ī", "i").replace("ā", "a")
        found = Found(given, family, email, company, "", position, source, where, at.date())
        made = actions.note(found, language="lv", by=BY, now=at)
        if source == "register":
            text = "Labdien! Vai Jūsu kolēģiem noderētu lietvedības kurss?"
            notice = "https://kic.example/privacy/"
            actions.write(made, "Kursi Jūsu uzņēmumam", text, notice=notice, by=BY, now=at)
