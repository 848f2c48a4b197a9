"""The two client academies of the demo, founded at Learnifier more than a year ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from skola.ground.people.api import Account
from skola.ground.tenants.api import Tenant, inside
from skola.services.academies.api import Founding, found_academy
from skola.web.demo import names
from skola.web.demo.people import address_of
from skola.web.demo.tenants import Persona, Service

OPERATOR = "learnifier"
FOUNDER = Persona("Oskar", "Bergman", (), "signed up two academies")
"""The customer of the operator who signed the clients up."""
AGE = timedelta(days=410)


@dataclass(frozen=True)
class DemoAcademy:
    """What its client said, and who can be entered as in it."""

    founding: Founding
    personas: tuple[Persona, ...]

    @property
    def service(self) -> Service:
        """The same as the other tenants of the demo have it."""
        slug = f"{OPERATOR}-{self.founding.word}"
        found = self.founding
        return Service(slug, found.name, names.of("SE"), "sv", self.personas)

    @property
    def host(self) -> str:
        return f"{self.founding.word}.{OPERATOR}.localhost"


_LEADS = ("administrator", "officer", "author")

ACADEMIES = (
    DemoAcademy(
        Founding(
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
        ),
        (
            Persona("Frida", "Norén", _LEADS, "leads the courses of her company"),
            Persona("Anton", "Sjöberg", (), "takes what his employer asks for"),
        ),
    ),
    DemoAcademy(
        Founding(
            word="kusten",
            name="Kustens akademi",
            tagline="Vård vid havet",
            accent="#1f5f8b",
            organisation="Kustens Vård AB",
            number="SE-556000-0002",
            address="Hamngatan 9, 451 40 Uddevalla",
            email="personal@kusten.example.org",
            country="SE",
            languages=("sv", "en"),
            days=60,
            sells=True,
        ),
        (
            Persona("Maja", "Ek", _LEADS, "leads the courses of her company"),
            Persona("Nils", "Åberg", (), "takes what his employer asks for"),
        ),
    ),
)


@transaction.atomic
def found(academy: DemoAcademy, *, now: datetime) -> None:
    """Found an academy, as a customer of the operator did long ago."""
    with inside(Tenant.objects.get(slug=OPERATOR).pk):
        account = Account.objects.select_related("person").get(email=address_of(FOUNDER))
        found_academy(
            account.person,
            academy.founding,
            address=account.email,
            by="skola demo",
            now=now - AGE,
        )
