"""The notice: its words, its placeholders, its tables, in every language."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.policy import vocabulary
from skola.promises.policy.forms import LANGUAGES
from skola.promises.policy.notice_tables import table
from skola.promises.policy.overlays import apply, load_overlays
from skola.promises.policy.placeholders import PlaceholderError, fill, paths
from skola.promises.policy.prose import Block, as_html, as_markdown, blocks, notice
from skola.promises.policy.schema import Policy
from skola.promises.policy.tests import make
from skola.promises.policy.wording import FOLDER, wording


def executed(*edits: make.Edit, path: Path = make.EXAMPLE) -> Policy:
    policy = make.policy(*edits, path=path)
    return apply(policy, load_overlays(policy.policy.law)).policy


# ---- placeholders ----


@pytest.mark.parametrize(
    ("placeholder", "language", "words"),
    [
        ("retention.exams.at_most.period", "en", "14 days"),
        ("retention.exams.at_most.period", "et", "14 päeva"),
        ("retention.inactive.at_most.period:genitive", "et", "3 aasta"),
        ("retention.inactive.at_most.period:amount", "et", "3"),
        ("retention.exams.at_most.after", "en", "the end of the exam"),
        ("right.access.deadline", "en", "30 days"),
        ("right.withdraw-consent.deadline", "et", "viivitamata"),
        ("controller.name", "en", "North School OÜ"),
        ("contact.privacy.email", "en", "privacy@north-school.example"),
        ("minors.age", "en", "13"),
        ("policy.effective", "en", "1 September 2026"),
        ("policy.effective", "et", "1. september 2026"),
        ("purpose.account.keep.name", "et", "konto pidamiseks"),
        ("purpose.newsletter.categories", "en", "newsletter addresses, consents with their proof"),
        ("purpose.answer.basis.kind", "en", "legitimate interest"),
        ("cookie.sessionid.lifetime", "en", "until the browser is closed"),
        ("consent.newsletter.valid_for", "en", "24 months"),
        ("log", "en", None),
        ("statistics.min_cell", "en", None),
    ],
)  # fmt: skip
def test_a_placeholder_in_words(placeholder: str, language: str, words: str | None) -> None:
    text = f"before {{{placeholder}}} after"

    if words is None:
        with pytest.raises(PlaceholderError):
            fill(executed(), text, language)
    else:
        assert fill(executed(), text, language) == f"before {words} after"


@pytest.mark.parametrize(
    ("placeholder", "message"),
    [
        ("retntion.exams.at_most.period", 'there is no table "retntion"'),
        ("retention.exam.at_most.period", 'there is no [[retention]] "exam"'),
        ("retention.exams.at_most.perod", 'there is no key "perod"'),
        ("retention.exams.backstop.period", '"backstop" is not given'),
        ("retention.exams", 'name a key of "retention"'),
        ("retention.exams.at_most", 'name a key of "at_most"'),
        ("business_transfer.announce", "this policy has no [business_transfer]"),
        ("retention.exams.at_most.period.days", '"period" has no parts'),
        ("retention.exams.at_most.period:vocative", 'there is no form "vocative"'),
        ("minors.guardian_proof:amount", None),
        ("right.withdraw-consent.deadline:amount", "has no amount"),
        ("policy.__class__", 'there is no key "__class__"'),
        ("", 'there is no table ""'),
    ],
)
def test_a_placeholder_that_leads_nowhere(placeholder: str, message: str | None) -> None:
    if message is None:
        assert fill(executed(), f"{{{placeholder}}}", "en")
    else:
        with pytest.raises(PlaceholderError, match=re.escape(message)):
            fill(executed(), f"{{{placeholder}}}", "en")


def test_plain_braces_are_written_twice() -> None:
    assert fill(executed(), "a {{b}} c", "en") == "a {b} c"
    with pytest.raises(PlaceholderError, match="single"):
        fill(executed(), "a { b", "en")


@given(st.text())
def test_any_text_is_filled_or_refused_by_name(text: str) -> None:
    try:
        filled = fill(make_once(), text, "en")
    except PlaceholderError:
        return
    assert paths(text) or filled == text.replace("{{", "{").replace("}}", "}")


_ONCE: list[Policy] = []


def make_once() -> Policy:
    if not _ONCE:
        _ONCE.append(executed())
    return _ONCE[0]


def test_a_number_changes_in_the_prose_when_the_rule_changes() -> None:
    edit = make.setting(
        "retention", "exams", at_most={"period": "21 days", "after": "exam.finished"}
    )

    text = as_markdown(notice(executed(edit), "et"))

    assert "Eksamite salvestisi hoiame 21 päeva." in text
    assert "14 päeva" not in text.split("|")[0]


# ---- the notice ----


@pytest.mark.parametrize("path", [make.EXAMPLE, *make.REAL], ids=lambda path: path.parent.name)
def test_every_policy_is_rendered_in_each_of_its_languages(path: Path) -> None:
    policy = executed(path=path)
    for language in policy.policy.languages:
        made = notice(policy, language)
        markdown, html = as_markdown(made), as_html(made)

        assert "{" not in markdown
        assert all(section.title in markdown for section in made.sections)
        assert {each.id for section in made.sections for each in section.paragraphs} == {
            each.id for each in policy.paragraph
        }
        assert html.count("<section") == len(policy.section)
        assert html.count('<div id="p-') == len(policy.paragraph)


def test_a_paragraph_knows_its_clauses_and_rules() -> None:
    second = notice(executed(), "en").sections[1].paragraphs[0]

    assert second.clause == ("north-school-7", "north-school-10")
    assert second.rules == (
        "retention.exams.at_most.period",
        "retention.inactive.at_most.period",
        "retention.enquiries.then.within",
    )
    assert [shown.kind for shown in second.tables] == ["retention"]


def test_html_is_escaped() -> None:
    edit = make.setting("paragraph", "1", text={"en": "<script>1 & 2</script>", "et": "x"})

    html = as_html(notice(executed(edit), "en"))

    assert "<script>" not in html
    assert "<p>&lt;script&gt;1 &amp; 2&lt;/script&gt;</p>" in html


def test_a_language_that_the_policy_does_not_have() -> None:
    with pytest.raises(KeyError, match="lv"):
        notice(executed(), "lv")


def test_paragraphs_and_lists() -> None:
    text = "One\ntwo.\n\nThree:\n- a\n- b\n  more\nfour"

    assert list(blocks(text)) == [
        Block("One two."),
        Block("Three:"),
        Block("", ("a", "b more")),
        Block("four"),
    ]


def test_the_retention_table_in_sentences() -> None:
    rows = {row.rule: row.cells[2] for row in table(executed(), "retention", "en").rows}

    assert rows["retention.exams"] == (
        "At least 14 days after the end of the exam. "
        "At most 14 days after the end of the exam; then they are erased."
    )
    assert rows["retention.enquiries"] == (
        "While the enquiry is open; within 1 month after that they are erased. "
        "In any case no longer than 6 months after the last message."
    )
    assert rows["retention.inactive"] == (
        "At most 3 years after the latest of these: the last action in the account, "
        "the account was opened; then they are erased."
    )


@pytest.mark.parametrize("kind", list(vocabulary.TABLES_SHOWN))
@pytest.mark.parametrize("path", make.REAL, ids=lambda path: path.parent.name)
def test_every_table_of_every_policy(path: Path, kind: str) -> None:
    policy = executed(path=path)
    for language in policy.policy.languages:
        shown = table(policy, kind, language)
        assert all(len(row.cells) == len(shown.headings) for row in shown.rows)


# ---- words ----


def words_of(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def test_every_language_has_the_same_words() -> None:
    english = words_of("en")
    for language in LANGUAGES:
        found = words_of(language)
        assert {key: set(value) for key, value in found.items() if isinstance(value, dict)} == {
            key: set(value) for key, value in english.items() if isinstance(value, dict)
        }, language
        for name, sentence in english["sentences"].items():
            parts = re.findall(r"\{(\w+)", sentence)
            assert sorted(re.findall(r"\{(\w+)", found["sentences"][name])) == sorted(parts)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("events", vocabulary.EVENTS),
        ("states", vocabulary.STATES),
        ("bases", vocabulary.BASES),
        ("rights", vocabulary.RIGHTS),
        ("actions", vocabulary.ACTIONS),
        ("cookie_classes", vocabulary.COOKIE_CLASSES),
        ("roles", vocabulary.ROLES),
        ("safeguards", vocabulary.SAFEGUARDS),
        ("contact_kinds", vocabulary.CONTACT_KINDS),
        ("captions", vocabulary.TABLES_SHOWN),
    ],
)
def test_every_word_of_the_vocabulary_can_be_said(kind: str, words: dict[str, str]) -> None:
    for language in LANGUAGES:
        assert set(wording(language).lists[kind]) == set(words), language


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_are_written_as_natives_write_them(language: str) -> None:
    for day in (date(2020, 8, 17), date(2026, 1, 1), date(2024, 12, 31)):
        assert wording(language).day(day) == format_date(day, "long", locale=_locale(language))


def _locale(language: str) -> str:
    return "en_GB" if language == "en" else language
