"""The five tenants of the demo, and who can be entered as in each of them."""

from dataclasses import dataclass

from skola.ground.people.api import Role
from skola.web.demo.names import EE, LT, LV, SE, Names


@dataclass(frozen=True)
class Persona:
    """Somebody the demo lets a visitor be, and what they come to do."""

    given_name: str
    family_name: str
    roles: tuple[str, ...]
    does: str


@dataclass(frozen=True)
class Service:
    """A tenant of the demo; everything else about it stands in its policy."""

    slug: str
    name: str
    names: Names
    language: str
    personas: tuple[Persona, ...]


_KIND = Role.Kind
_OFFICER = (_KIND.OFFICER,)
_STAFF = (_KIND.SUPPORT, _KIND.FINANCE)

SERVICES = (
    Service(
        "ilearn",
        "iLearn",
        LV,
        "lv",
        (
            Persona("Līga", "Ozoliņa", (), "takes courses and makes one"),
            Persona("Andris", "Kalniņš", (), "has contracts and invoices"),
            Persona("Zane", "Eglīte", _STAFF, "answers enquiries, writes invoices"),
            Persona("Guntis", "Vītols", (_KIND.REVIEWER,), "listens to recorded calls"),
            Persona("Dace", "Zariņa", _OFFICER, "sees that the promises are kept"),
        ),
    ),
    Service(
        "kic",
        "KIC",
        LV,
        "lv",
        (
            Persona("Edgars", "Liepiņš", (), "learns bookkeeping"),
            Persona("Inese", "Krūmiņa", (_KIND.AUTHOR,), "writes the courses"),
            Persona("Baiba", "Vanaga", _STAFF, "answers enquiries, writes contracts"),
            Persona("Uldis", "Lācis", _OFFICER, "sees that the promises are kept"),
        ),
    ),
    Service(
        "learnifier",
        "Learnifier",
        SE,
        "sv",
        (
            Persona("Elin", "Lindberg", (), "takes her introduction"),
            Persona("Oskar", "Bergman", (_KIND.AUTHOR,), "builds courses for his academy"),
            Persona("Åsa", "Holm", (_KIND.SUPPORT,), "answers enquiries"),
            Persona("Magnus", "Wallin", _OFFICER, "sees that the promises are kept"),
        ),
    ),
    Service(
        "ema",
        "EMA",
        LT,
        "lt",
        (
            Persona("Rūta", "Butkutė", (), "takes mandatory training"),
            Persona("Mantas", "Urbonas", (_KIND.AUTHOR,), "writes the training"),
            Persona("Eglė", "Navickaitė", (_KIND.RECRUITER,), "leads a selection"),
            Persona("Tomas", "Rimkus", (*_STAFF, _KIND.REVIEWER), "answers enquiries and calls"),
            Persona("Asta", "Šimkutė", _OFFICER, "sees that the promises are kept"),
        ),
    ),
    Service(
        "ekool",
        "eKool",
        EE,
        "et",
        (
            Persona("Mirtel", "Kask", (), "is a pupil"),
            Persona("Kadri", "Sepp", (_KIND.AUTHOR, _KIND.INSTRUCTOR), "teaches"),
            Persona("Andres", "Kask", (), "is Mirtel's father"),
            Persona("Piret", "Saar", _STAFF, "answers schools and families"),
            Persona("Toomas", "Ilves", _OFFICER, "sees that the promises are kept"),
        ),
    ),
)
