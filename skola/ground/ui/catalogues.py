"""The catalogues of translations: gathered from the source, completed by people, then compiled.

``python -m skola.ground.ui.catalogues`` gathers every string of Python and Jinja2 files and brings
the ``django.po`` files up to date (or those of the languages named); what is new in them stands
empty. They are compiled when the installation is migrated and before tests.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HOUSE = Path(__file__).resolve().parents[2]
LOCALE = HOUSE / "locale"
LANGUAGES = ("lv", "lt", "et", "sv")
TEMPLATES = ("**/jinja2/**.html", "**/jinja2/**.txt")
"""Pages, and the mails that sign-in sends."""
METHODS = [
    ("**/tests/**", "ignore"),
    ("**.py", "python"),
    *((pattern, "jinja2") for pattern in TEMPLATES),
]
OPTIONS = {
    pattern: {
        "encoding": "utf-8",
        "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
        "newstyle_gettext": "true",
        "trimmed": "true",
        "silent": "false",
    }
    for pattern in TEMPLATES
}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "Persona": (4,),  # of the demo: what somebody comes to do
}


def file_of(language: str) -> Path:
    """Return where the catalogue of a language is."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def load(language: str) -> Catalog:
    """Read the catalogue of a language; an empty one where there is none."""
    path = file_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Skola")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def gather() -> Catalog:
    """Return every string of the source, with the places it stands in."""
    template = Catalog(project="Skola")
    found = extract_from_dir(HOUSE, METHODS, OPTIONS, keywords=KEYWORDS)
    for name, line, message, comments, context in found:
        template.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return template


def update(languages: Sequence[str] = LANGUAGES) -> dict[str, int]:
    """Bring the catalogues up to date; return how many strings each language still lacks."""
    template = gather()
    missing = {}
    for language in languages:
        catalogue = load(language)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        catalogue.fuzzy = False
        catalogue.header_comment = f"# The interface of Skola in {language}."
        path = file_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(
                file, catalogue, width=110, omit_header=False, no_location=True, sort_output=True
            )
        missing[language] = len(untranslated(catalogue))
    return missing


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the strings that lack a translation, or one of its plural forms.

    One that is marked as fuzzy lacks it: pages leave such a translation out.
    """
    return [
        str(message.id)
        for message in catalogue
        if message.id
        and (
            message.fuzzy
            or not (
                all(message.string) if isinstance(message.string, list | tuple) else message.string
            )
        )
    ]


def compile_all() -> None:
    """Compile the catalogues that changed since they were compiled."""
    for language in LANGUAGES:
        source = file_of(language)
        compiled = source.with_suffix(".mo")
        if source.exists() and (
            not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
        ):
            with compiled.open("wb") as file:
                write_mo(file, load(language))


if __name__ == "__main__":
    for name, count in update(sys.argv[1:] or LANGUAGES).items():
        sys.stdout.write(f"{name}: {count} strings to translate\n")
