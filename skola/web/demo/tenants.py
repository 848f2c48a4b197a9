"""The five tenants of the demo, and who can be entered as in each of them."""

from dataclasses import dataclass

from skola.web.demo import names
from skola.web.demo.names import Names


@dataclass(frozen=True)
class Persona:
    """Somebody the demo lets a visitor be, and what they come to do."""

    given_name: str
    family_name: str
    roles: tuple[str, ...]
    """Kinds of ``people.Role`` in plain words: the command names personas before Django starts."""
    does: str


@dataclass(frozen=True)
class Service:
    """A tenant of the demo; everything else about it stands in its policy."""

    slug: str
    name: str
    names: Names
    language: str
    personas: tuple[Persona, ...]


_OFFICER = ("officer", "administrator")
_STAFF = ("support", "finance")

SERVICES = (
    Service(
        "ilearn",
        "iLearn",
        names.of("LV"),
        "lv",
        (
            Persona("Līga", "Ozoliņa", (), "takes courses and makes one"),
            Persona("Andris", "Kalniņš", (), "has contracts and invoices"),
            Persona("Zane", "Eglīte", _STAFF, "answers enquiries, writes invoices"),
            Persona("Guntis", "Vītols", ("reviewer",), "listens to recorded calls"),
            Persona("Ieva", "Liepiņa", ("examiner",), "supervises and marks exams"),
            Persona("Māris", "Krūmiņš", ("examiner",), "decides contested exams"),
            Persona("Dace", "Zariņa", _OFFICER, "sees that the promises are kept"),
            Persona("Sandra", "Bērziņa", ("analyst",), "reads figures, and nobody's name"),
        ),
    ),
    Service(
        "kic",
        "KIC",
        names.of("LV"),
        "lv",
        (
            Persona("Edgars", "Liepiņš", (), "learns bookkeeping"),
            Persona("Inese", "Krūmiņa", ("author",), "writes the courses"),
            Persona("Baiba", "Vanaga", _STAFF, "answers enquiries, writes contracts"),
            Persona("Sanita", "Roze", ("coordinator",), "runs the training groups"),
            Persona("Juris", "Kalējs", (), "teaches groups from outside"),
            Persona("Uldis", "Lācis", _OFFICER, "sees that the promises are kept"),
        ),
    ),
    Service(
        "learnifier",
        "Learnifier",
        names.of("SE"),
        "sv",
        (
            Persona("Elin", "Lindberg", (), "takes her introduction"),
            Persona("Oskar", "Bergman", ("author",), "builds courses for his academy"),
            Persona("Åsa", "Holm", ("support",), "answers enquiries"),
            Persona("Magnus", "Wallin", _OFFICER, "sees that the promises are kept"),
        ),
    ),
    Service(
        "ema",
        "EMA",
        names.of("LT"),
        "lt",
        (
            Persona("Rūta", "Butkutė", (), "takes mandatory training"),
            Persona("Mantas", "Urbonas", ("author",), "writes the training"),
            Persona("Eglė", "Navickaitė", ("recruiter",), "leads a selection"),
            Persona("Tomas", "Rimkus", (*_STAFF, "reviewer"), "answers enquiries and calls"),
            Persona("Asta", "Šimkutė", _OFFICER, "sees that the promises are kept"),
            Persona("Jurga", "Mockutė", (), "looks after a company's training"),
            Persona("Vytautas", "Stonkus", (), "briefs the people of his warehouse"),
        ),
    ),
    Service(
        "ekool",
        "eKool",
        names.of("EE"),
        "et",
        (
            Persona("Mirtel", "Kask", (), "is a pupil"),
            Persona("Kadri", "Sepp", ("author", "instructor"), "teaches"),
            Persona("Andres", "Kask", (), "is Mirtel's father"),
            Persona("Helve", "Tamm", (), "administers the school"),
            Persona("Maret", "Vaher", (), "reads statements for the municipality"),
            Persona("Piret", "Saar", _STAFF, "answers schools and families"),
            Persona("Toomas", "Ilves", _OFFICER, "sees that the promises are kept"),
        ),
    ),
)
