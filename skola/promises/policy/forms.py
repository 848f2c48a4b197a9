"""Periods in words: ``3 mēneši``, ``10 metų``, ``1 kuu``, with the right plural in five languages.

The forms are written down here, because the common locale data lack working days and cases, count
Estonian and Swedish days as "ööpäev" and "dygn", and miss some units.
"""

from collections.abc import Mapping

from skola.promises.policy.periods import Period, Term, Unit, Word

LANGUAGES = ("en", "lv", "lt", "et", "sv")

Forms = tuple[str, ...]
"""One form for each plural class of the language: (one, other) or (one, few, many)."""

CASES = ("nominative", "genitive", "accusative", "dative")


def plural_class(language: str, amount: int) -> int:
    """Which of the language's forms goes with ``amount``."""
    ones, tens = amount % 10, amount % 100
    match language:
        case "lv":
            if ones == 1 and tens != 11:
                return 0
            return 2 if ones == 0 or 11 <= tens <= 19 else 1
        case "lt":
            if ones == 1 and tens != 11:
                return 0
            return 2 if ones == 0 or 11 <= tens <= 19 else 1
        case _:
            return 0 if amount == 1 else 1


def _of(*forms: str) -> dict[Unit, Forms]:
    return {unit: tuple(form.split("/")) for unit, form in zip(Unit, forms, strict=True)}


# In the order of Unit: minute, hour, day, working day, week, month, year.
_NOMINATIVE = {
    "en": _of(
        "minute/minutes",
        "hour/hours",
        "day/days",
        "working day/working days",
        "week/weeks",
        "month/months",
        "year/years",
    ),
    "lv": _of(
        "minūte/minūtes/minūšu",
        "stunda/stundas/stundu",
        "diena/dienas/dienu",
        "darba diena/darba dienas/darba dienu",
        "nedēļa/nedēļas/nedēļu",
        "mēnesis/mēneši/mēnešu",
        "gads/gadi/gadu",
    ),
    "lt": _of(
        "minutė/minutės/minučių",
        "valanda/valandos/valandų",
        "diena/dienos/dienų",
        "darbo diena/darbo dienos/darbo dienų",
        "savaitė/savaitės/savaičių",
        "mėnuo/mėnesiai/mėnesių",
        "metai/metai/metų",
    ),
    "et": _of(
        "minut/minutit",
        "tund/tundi",
        "päev/päeva",
        "tööpäev/tööpäeva",
        "nädal/nädalat",
        "kuu/kuud",
        "aasta/aastat",
    ),
    "sv": _of(
        "minut/minuter",
        "timme/timmar",
        "dag/dagar",
        "arbetsdag/arbetsdagar",
        "vecka/veckor",
        "månad/månader",
        "år/år",
    ),
}
_GENITIVE = {
    "lv": _of(
        "minūtes/minūšu/minūšu",
        "stundas/stundu/stundu",
        "dienas/dienu/dienu",
        "darba dienas/darba dienu/darba dienu",
        "nedēļas/nedēļu/nedēļu",
        "mēneša/mēnešu/mēnešu",
        "gada/gadu/gadu",
    ),
    "lt": _of(
        "minutės/minučių/minučių",
        "valandos/valandų/valandų",
        "dienos/dienų/dienų",
        "darbo dienos/darbo dienų/darbo dienų",
        "savaitės/savaičių/savaičių",
        "mėnesio/mėnesių/mėnesių",
        "metų/metų/metų",
    ),
    "et": _of(
        "minuti/minuti",
        "tunni/tunni",
        "päeva/päeva",
        "tööpäeva/tööpäeva",
        "nädala/nädala",
        "kuu/kuu",
        "aasta/aasta",
    ),
}
_ACCUSATIVE = {
    "lv": _of(
        "minūti/minūtes/minūšu",
        "stundu/stundas/stundu",
        "dienu/dienas/dienu",
        "darba dienu/darba dienas/darba dienu",
        "nedēļu/nedēļas/nedēļu",
        "mēnesi/mēnešus/mēnešu",
        "gadu/gadus/gadu",
    ),
    "lt": _of(
        "minutę/minutes/minučių",
        "valandą/valandas/valandų",
        "dieną/dienas/dienų",
        "darbo dieną/darbo dienas/darbo dienų",
        "savaitę/savaites/savaičių",
        "mėnesį/mėnesius/mėnesių",
        "metus/metus/metų",
    ),
}
_DATIVE = {
    "lv": _of(
        "minūtei/minūtēm/minūtēm",
        "stundai/stundām/stundām",
        "dienai/dienām/dienām",
        "darba dienai/darba dienām/darba dienām",
        "nedēļai/nedēļām/nedēļām",
        "mēnesim/mēnešiem/mēnešiem",
        "gadam/gadiem/gadiem",
    ),
    "lt": _of(
        "minutei/minutėms/minučių",
        "valandai/valandoms/valandų",
        "dienai/dienoms/dienų",
        "darbo dienai/darbo dienoms/darbo dienų",
        "savaitei/savaitėms/savaičių",
        "mėnesiui/mėnesiams/mėnesių",
        "metams/metams/metų",
    ),
}
_FORMS: Mapping[str, Mapping[str, Mapping[Unit, Forms]]] = {
    "nominative": _NOMINATIVE,
    "genitive": _GENITIVE,
    "accusative": _ACCUSATIVE,
    "dative": _DATIVE,
}
_WORDS = {
    "en": {
        Word.AT_ONCE: "at once",
        Word.SESSION: "until the browser is closed",
        Word.FROM_PUBLICATION: "from publication",
        Word.LAW: "as the law says",
    },
    "lv": {
        Word.AT_ONCE: "nekavējoties",
        Word.SESSION: "līdz pārlūka aizvēršanai",
        Word.FROM_PUBLICATION: "no publicēšanas brīža",
        Word.LAW: "kā noteikts likumā",
    },
    "lt": {
        Word.AT_ONCE: "nedelsiant",
        Word.SESSION: "iki naršyklės uždarymo",
        Word.FROM_PUBLICATION: "nuo paskelbimo",
        Word.LAW: "kaip nustatyta įstatyme",
    },
    "et": {
        Word.AT_ONCE: "viivitamata",
        Word.SESSION: "kuni brauseri sulgemiseni",
        Word.FROM_PUBLICATION: "alates avaldamisest",
        Word.LAW: "seaduses sätestatud ajal",
    },
    "sv": {
        Word.AT_ONCE: "genast",
        Word.SESSION: "tills webbläsaren stängs",
        Word.FROM_PUBLICATION: "från publiceringen",
        Word.LAW: "enligt lag",
    },
}


def unit_in_words(period: Period, language: str, case: str = "nominative") -> str:
    """The unit alone, in the form that goes with the amount: ``mēneši``.

    Where a language writes a case like the nominative (all of them in English and Swedish), or the
    case is not used for terms, the nominative stands.
    """
    tables = _FORMS[case]
    forms = tables.get(language, _NOMINATIVE[language])[period.unit]
    return forms[plural_class(language, period.amount)]


def in_words(term: Term, language: str, case: str = "nominative") -> str:
    """A term as the notice prints it: ``3 mēneši``, ``nekavējoties``.

    ``case`` is one of CASES.
    """
    if isinstance(term, Word):
        return _WORDS[language][term]
    return f"{term.amount} {unit_in_words(term, language, case)}"
