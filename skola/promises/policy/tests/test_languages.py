"""P031: what a page shows stands in every language of the policy."""

from pathlib import Path

import pytest

from skola.promises.policy.lints import lint
from skola.promises.policy.placeholders import spoken
from skola.promises.policy.problems import Severity
from skola.promises.policy.ropa import record_of_processing
from skola.promises.policy.tests import make
from skola.promises.policy.tests.test_lints import found

WARN = Severity.WARN
EACH = {"en": "One sentence.", "et": "Üks lause."}


def only(language: str) -> make.Edit:
    """An edit that leaves one language of all texts."""

    def strip(value: object) -> object:
        match value:
            case dict():
                kept = {language: value[language]} if {"en", "et"} == value.keys() else value
                return {key: strip(each) for key, each in kept.items()}
            case list():
                return [strip(each) for each in value]
        return value

    def edit(content: make.Raw) -> None:
        content.update({key: strip(each) for key, each in content.items()})
        content["policy"] |= {"languages": [language], "authentic": language}

    return edit


def law(text: object) -> make.Edit:
    def edit(content: make.Raw) -> None:
        make.one(content, "purpose", "accounting")["basis"]["law"] = text

    return edit


def floor(text: object) -> make.Edit:
    def edit(content: make.Raw) -> None:
        make.one(content, "retention", "invoices")["at_least"]["law"] = text

    return edit


def buyer(text: object) -> make.Edit:
    def edit(content: make.Raw) -> None:
        content["business_transfer"] = {"prospect": "totals only", "buyer": text}

    return edit


def duty(text: object) -> make.Edit:
    return make.adding("duty", id="plain", text=text)


def agreement(text: object) -> make.Edit:
    return make.setting("processor", "hosting", contract=text)


@pytest.mark.parametrize("path", make.REAL, ids=lambda path: path.parent.name)
def test_the_bundled_policies_tell_everything_in_each_of_their_languages(path: Path) -> None:
    problems = lint(make.policy(path=path))

    assert [str(each) for each in problems if each.code == "P031"] == []


@pytest.mark.parametrize(
    ("edit", "table", "key"),
    [
        (law("Accounting Act"), '[[purpose]] "accounting"', "basis.law"),
        (floor("Accounting Act"), '[[retention]] "invoices"', "at_least.law"),
        (agreement("an agreement on hosting"), '[[processor]] "hosting"', "contract"),
        (duty("One sentence."), '[[duty]] "plain"', "text"),
        (buyer("all of it moves"), "[business_transfer]", "buyer"),
    ],
)
def test_p031_a_text_that_is_written_once_where_there_are_several_languages(
    edit: make.Edit, table: str, key: str
) -> None:
    assert found(edit, code="P031") == [(WARN, table, key)]
    assert found(edit, only("et"), code="P031") == []


@pytest.mark.parametrize("edit", [law(EACH), floor(EACH), agreement(EACH), duty(EACH), buyer(EACH)])
def test_a_text_in_each_language_is_none_of_them(edit: make.Edit) -> None:
    assert found(edit, code="P031") == []


def test_a_reference_needs_no_translation() -> None:
    assert found(agreement("art28: NS-2026/3"), code="P031") == []


def without_detail(table: str, ident: str) -> make.Edit:
    def edit(content: make.Raw) -> None:
        del make.one(content, table, ident)["detail"]

    return edit


@pytest.mark.parametrize(
    ("table", "ident"),
    [("category", "contact"), ("recipient", "tax-board"), ("processor", "hosting")],
)
def test_p031_a_list_of_english_words_is_all_that_is_told(table: str, ident: str) -> None:
    edit = without_detail(table, ident)

    assert found(edit, code="P031") == [(WARN, f'[[{table}]] "{ident}"', "detail")]
    assert found(edit, only("en"), code="P031") == []
    assert found(edit, only("et"), code="P031") == [(WARN, f'[[{table}]] "{ident}"', "detail")]


@pytest.mark.parametrize(
    ("to", "who", "keys"),
    [
        ("third countries", ["hosting"], []),
        ("third countries", [EACH], []),
        ("third countries", ["staff abroad"], ["who"]),
        ("Norway's neighbours", ["hosting"], ["detail"]),
    ],
)
def test_p031_a_transfer_is_told_in_each_language(
    to: str, who: list[object], keys: list[str]
) -> None:
    edit = make.adding("transfer", to=to, who=who, safeguard=["scc"])

    assert [key for _, _, key in found(edit, code="P031")] == keys


def test_the_record_of_processing_names_law_and_agreement_in_its_language() -> None:
    policy = make.policy(agreement(EACH))
    activities = record_of_processing(policy, "et")["activities"]
    assert isinstance(activities, list)
    (accounting,) = [
        each for each in activities if isinstance(each, dict) and each["purpose"] == "accounting"
    ]

    assert accounting["basis"] == {
        "kind": "legal-obligation",
        "article": "GDPR Art. 6(1)(c)",
        "interest": "",
        "law": "raamatupidamise seadus § 12",
        "balancing": "",
    }
    processors = accounting["processors"]
    assert isinstance(processors, list)
    assert [each["contract"] for each in processors if isinstance(each, dict)] == ["Üks lause."]


def test_a_text_is_spoken_in_the_language_of_the_page_with_its_numbers() -> None:
    policy = make.policy()
    text = {"en": "At most {retention.exams.at_most.period}.", "et": "Kuni {retention.exams.id}."}

    assert spoken(policy, text, "en") == "At most 14 days."
    assert spoken(policy, text, "sv") == "At most 14 days.", "it has no Swedish"
    assert spoken(policy, {"et": "Üks lause."}, "sv") == "Üks lause."
    assert spoken(policy, {}, "sv") == ""
