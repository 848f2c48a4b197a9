"""Every string of the interface speaks Latvian, Lithuanian, Estonian and Swedish."""

import re

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation

from skola.ground.ui import catalogues

PLACE = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def source() -> Catalog:
    """Every string of the source; to gather them takes longer than all that is asked of them."""
    return catalogues.gather()


def test_nothing_is_left_untranslated(source: Catalog) -> None:
    lacking = {}
    for language in catalogues.LANGUAGES:
        catalogue = catalogues.load(language)
        catalogue.update(source, no_fuzzy_matching=True)
        lacking[language] = catalogues.untranslated(catalogue)

    assert lacking == {language: [] for language in catalogues.LANGUAGES}


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_translations_keep_what_is_filled_in(language: str) -> None:
    wrong = []
    for message in catalogues.load(language):
        source = message.id if isinstance(message.id, str) else message.id[-1]
        string = message.string or ""
        texts = [string] if isinstance(string, str) else list(string)
        wrong += [
            text
            for text in texts
            if message.id and set(PLACE.findall(text)) - set(PLACE.findall(source))
        ]

    assert wrong == []


def test_every_way_to_mark_a_string_is_gathered() -> None:
    marking = {
        name for name in vars(translation) if re.fullmatch(r"n?p?gettext(_lazy|_noop)?", name)
    }
    assert marking - set(catalogues.KEYWORDS) == set()
