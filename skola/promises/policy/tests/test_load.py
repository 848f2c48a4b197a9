"""Reading policies, good and bad: every mistake is found, placed and given a remedy."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from skola.promises.policy.load import load, parse
from skola.promises.policy.problems import PolicyError
from skola.promises.policy.shape import schema_type
from skola.promises.policy.source import LARGEST, Source, read_bytes
from skola.promises.policy.tests import make

REAL = pytest.mark.parametrize(
    "path", [make.EXAMPLE, *make.REAL], ids=lambda path: f"{path.parent.name}-{path.stem}"
)


@REAL
def test_every_bundled_policy_is_read(path: Path) -> None:
    assert load(path).schema == "skola.policy/1"


OF_ANOTHER_BASIS = {"kind": "legal-obligation", "art": "6(1)(a)", "law": "Accounting Act"}


def tables(content: make.Raw) -> Iterator[tuple[str, make.Raw]]:
    """The first table of every kind, and every table inside it."""
    for name, value in content.items():
        first = value[0] if isinstance(value, list) and isinstance(value[0], dict) else value
        if isinstance(first, dict):
            yield name, first
            for key, inner in first.items():
                if isinstance(inner, dict) and not _is_text(inner):
                    yield f"{name}.{key}", inner


def _is_text(value: make.Raw) -> bool:
    return set(value) <= {"en", "lv", "lt", "et", "sv"}


@REAL
def test_a_mistyped_key_is_named_in_every_table(path: Path) -> None:
    names = [name for name, _ in tables(make.raw(path))]
    assert len(names) > 25
    for name in names:
        content = make.raw(path)
        table = dict(tables(content))[name]
        key = next(key for key in reversed(list(table)) if key != "clause" or len(table) == 1)
        table[f"{key}x"] = table.pop(key)

        with pytest.raises(PolicyError) as caught:
            parse(Source("test.toml", "", content))

        found = {problem.key.split(".")[-1]: problem for problem in caught.value.problems}
        problem = found[f"{key}x"]
        assert problem.message == f'unknown key "{key}x"', name
        assert f'Did you mean "{key}"?' in problem.remedy or "Known are" in problem.remedy
        assert name.split(".")[0] in problem.table


@REAL
def test_a_mistyped_table_is_named(path: Path) -> None:
    for name in make.raw(path):
        content = make.raw(path)
        content[f"{name}x"] = content.pop(name)

        with pytest.raises(PolicyError) as caught:
            parse(Source("test.toml", "", content))

        found = [each for each in caught.value.problems if each.message.startswith("unknown")]
        assert [each.remedy for each in found] == [f'Did you mean "{name}"?']


def test_every_required_key_is_missed_by_name() -> None:
    for name, kind in _required():
        content = make.raw()
        target = content[name] if name else content
        table = target[0] if isinstance(target, list) else target
        del table[kind]

        with pytest.raises(PolicyError) as caught:
            parse(Source("test.toml", "", content))

        assert any(
            kind in f"{each.key} {each.message}"
            and ("missing" in each.message or "no [[" in each.message)
            for each in caught.value.problems
        ), (name, kind)


def _required() -> Iterator[tuple[str, str]]:
    content = make.raw()
    for field in schema_type().fields:
        if field.required:
            yield "", field.encode_name
        if field.encode_name in content:
            struct = _struct(field.type)
            for inner in struct.fields if struct else ():
                if inner.required:
                    yield field.encode_name, inner.encode_name


def _struct(kind: msgspec.inspect.Type) -> msgspec.inspect.StructType | None:
    match kind:
        case msgspec.inspect.StructType():
            return kind
        case msgspec.inspect.ListType():
            return _struct(kind.item_type)
        case msgspec.inspect.UnionType():
            return next((found for each in kind.types if (found := _struct(each))), None)
        case _:
            return None


@pytest.mark.parametrize(
    ("edit", "table", "key", "message"),
    [
        (
            make.setting(
                "retention", "visits", at_most={"period": "soon", "after": "page.visited"}
            ),
            '[[retention]] "visits"',
            "at_most.period",
            'a term without a number: "soon"',
        ),
        (
            make.setting("policy", "", timezone="Europe/Rigga"),
            "[policy]",
            "timezone",
            '"Europe/Rigga" is no known time zone',
        ),
        (
            make.setting("policy", "", timezone="../../etc/passwd"),
            "[policy]",
            "timezone",
            '"../../etc/passwd" is no known time zone',
        ),
        (
            make.setting("policy", "", languages=["en", "ee"]),
            "[policy]",
            "languages",
            '"ee" is no known language',
        ),
        (
            make.setting("policy", "", authentic="lv"),
            "[policy]",
            "authentic",
            'the binding language "lv" is not among the languages',
        ),
        (
            make.setting("category", "contact", name={"en": "contact"}),
            '[[category]] "contact"',
            "name",
            "the Estonian text (et) is missing",
        ),
        (
            make.setting("category", "contact", name={"en": "a", "et": "b", "lv": "c"}),
            '[[category]] "contact"',
            "name.lv",
            "the policy has no Latvian (lv)",
        ),
        (
            make.setting("category", "contact", name={"en": "a", "et": "b", "english": "c"}),
            '[[category]] "contact"',
            "name.english",
            '"english" is not a language code',
        ),
        (
            make.setting("category", "contact", name="contact"),
            '[[category]] "contact"',
            "name",
            'a text where a text in each language, { en = "…" } is expected',
        ),
        (
            make.setting("category", "contact", level=7),
            '[[category]] "contact"',
            "level",
            "7 is too large",
        ),
        (
            make.setting("category", "contact", level="2"),
            '[[category]] "contact"',
            "level",
            "a text where a whole number is expected",
        ),
        (
            make.setting("category", "contact", id="contacts"),
            '[[category]] "contacts"',
            "id",
            '"contacts" is no known category',
        ),
        (
            make.setting("purpose", "plan", categories=[]),
            '[[purpose]] "plan"',
            "categories",
            "the list is empty",
        ),
        (
            make.setting("purpose", "plan", categories=["usage", "survey"]),
            '[[purpose]] "plan"',
            "categories",
            'there is no [[category]] "survey"',
        ),
        (
            make.setting("purpose", "plan", alive_while=["acount.open"]),
            '[[purpose]] "plan"',
            "alive_while",
            '"acount.open" is no known state',
        ),
        (
            make.setting("purpose", "plan", alive_while=["consent"]),
            '[[purpose]] "plan"',
            "alive_while",
            '"consent" does not say to what',
        ),
        (
            make.setting("purpose", "newsletter", alive_while=["consent:newsleter"]),
            '[[purpose]] "newsletter"',
            "alive_while",
            'there is no [[purpose]] "newsleter"',
        ),
        (
            make.setting("purpose", "plan", enables=["analytics.theirs"]),
            '[[purpose]] "plan"',
            "enables",
            '"analytics.theirs" is no known capability',
        ),
        (
            make.setting(
                "purpose", "plan", basis={"kind": "legitimate-interest", "art": "6(1)(f)"}
            ),
            '[[purpose]] "plan"',
            "basis.interest",
            "a legitimate interest without saying which",
        ),
        (
            make.setting(
                "retention", "exams", except_={"linked_to": "contract.oral", "use": "oral"}
            ),
            '[[retention]] "exams"',
            "except.use",
            'there is no [[retention]] "oral"',
        ),
        (
            make.setting("retention", "exams", only_if="the weather is fine"),
            '[[retention]] "exams"',
            "only_if",
            '"the weather is fine" is no known condition',
        ),
        (
            make.setting("retention", "enquiries", keep_while="enquiry.open"),
            '[[retention]] "enquiries"',
            "keep_while",
            '"enquiry.open" must stand in a list',
        ),
        (
            make.setting("policy", "", effective="2026-09-01"),
            "[policy]",
            "effective",
            "a text where a moment with an offset (2020-08-17T00:00:00+03:00) is expected",
        ),
        (
            make.setting("service", "", accent="brown"),
            "[service]",
            "accent",
            '"brown" is not of the right form',
        ),
        (
            make.setting("policy", "", version="../../etc"),
            "[policy]",
            "version",
            '"../../etc" is not of the right form',
        ),
        (
            make.setting("policy", "", tenant="north.school"),
            "[policy]",
            "tenant",
            '"north.school" is not of the right form',
        ),
        (
            make.setting("policy", "", timezone="Europe/Malmo"),
            "[policy]",
            "timezone",
            '"Europe/Malmo" is no known time zone',
        ),
        (
            make.setting("purpose", "accounting", basis=OF_ANOTHER_BASIS),
            '[[purpose]] "accounting"',
            "basis.art",
            "6(1)(a) is the article of consent, not of legal-obligation",
        ),
        (
            make.setting("security", "backups", check="backups, backup"),
            '[[security]] "backups"',
            "check",
            '"backup" is no known check',
        ),
        (
            make.setting("marketing", "", channels=["email", "fax"]),
            "[marketing]",
            "channels",
            '"fax" is no known channel',
        ),
        (
            make.setting("change", "", notice="soonish"),
            "[change]",
            "notice",
            'a term without a number: "soonish"',
        ),
        (
            make.setting("minors", "", age="old enough"),
            "[minors]",
            "age",
            '"old enough" is not an age',
        ),
        (
            make.setting("right_process", "", submit=[{"channel": "account"}]),
            "[right_process]",
            "submit[0].proof",
            'the key "proof" is missing',
        ),
        (
            make.adding("log", on="last year", text={"en": "a", "et": "b"}),
            "[[log]] number 2",
            "on",
            '"last year" is not a day',
        ),
        (
            make.adding("section", id="who", title={"en": "a", "et": "b"}),
            '[[section]] "who"',
            "id",
            'the id "who" is used twice',
        ),
        (
            make.setting(
                "paragraph", "2", text={"en": "{retention.exam.at_most.period}", "et": "x"}
            ),
            '[[paragraph]] "2"',
            "text.en",
            "a placeholder that leads nowhere: {retention.exam.at_most.period}: there is no "
            '[[retention]] "exam"; there is account, inactive, contracts, invoices, exams, '
            "enquiries, newsletter, visits",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(
    edit: make.Edit, table: str, key: str, message: str
) -> None:
    found = [(each.table, each.key, each.message) for each in make.problems(edit)]

    assert (table, key, message) in found
    assert all(each.remedy for each in make.problems(edit))


def test_all_mistakes_are_found_at_once() -> None:
    found = make.problems(
        make.setting("policy", "", timezone="Europe/Rigga", calendar="FI"),
        make.setting("category", "contact", name={"en": "contact"}, lvel=2),
        make.setting("retention", "visits", at_most={"period": "soon", "after": "page.opened"}),
    )

    assert [(each.table, each.key) for each in found] == [
        ('[[retention]] "visits"', "at_most.after"),
        ('[[retention]] "visits"', "at_most.period"),
        ("[policy]", "calendar"),
        ('[[category]] "contact"', "lvel"),
        ('[[category]] "contact"', "name"),
        ("[policy]", "timezone"),
    ]


def test_a_table_inside_another_is_sent_where_it_belongs() -> None:
    def nest(content: make.Raw) -> None:
        content["policy"]["change"] = content.pop("change")

    remedies = [each.remedy for each in make.problems(nest) if each.key == "change"]

    assert "Write [change] as a table of its own, not inside another." in remedies


def test_one_bracket_where_there_should_be_two() -> None:
    def single(content: make.Raw) -> None:
        content["security"] = content["security"][0]

    assert [each.remedy for each in make.problems(single)] == [
        "Write [[security]] in two brackets."
    ]


def test_two_brackets_where_there_should_be_one() -> None:
    def double(content: make.Raw) -> None:
        content["minors"] = [content["minors"]]

    assert [each.remedy for each in make.problems(double)] == [
        "Write [minors] in single brackets, once."
    ]


# ---- lines ----


def test_a_problem_names_its_line() -> None:
    text = make.EXAMPLE.read_text(encoding="utf-8")
    wrong = text.replace('\nperiod = "3 years"', '\nperiod = "some years"')

    with pytest.raises(PolicyError) as caught:
        parse(read_bytes(wrong.encode(), "a.toml"))

    (problem,) = caught.value.problems
    assert problem.line is not None
    near = wrong.split("\n")[problem.line - 1 : problem.line + 1]
    assert 'period = "some years"' in near
    assert str(problem).startswith(f'a.toml:{problem.line}: error: [[retention]] "inactive"')


def test_lines_are_those_of_the_keys_even_behind_long_texts() -> None:
    text = make.EXAMPLE.read_text(encoding="utf-8")
    source = read_bytes(text.encode(), "a.toml")
    lines = text.split("\n")

    assert lines[(source.line("summary", 0, "line") or 0) - 1].startswith("line =")
    assert lines[(source.line("paragraph", 1, "show") or 0) - 1].startswith("show =")
    assert lines[(source.line("right_process", 0, "on_dispute") or 0) - 1].startswith("on_dispute")


# ---- files that are no policies ----


def test_a_file_of_ten_megabytes_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "large.toml"
    with file.open("wb") as handle:
        handle.truncate(10 * LARGEST)

    def never(self: Path) -> bytes:
        raise AssertionError("the file was read")

    monkeypatch.setattr(Path, "read_bytes", never)

    with pytest.raises(PolicyError, match="10,485,760 bytes"):
        load(file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"schema = 'skola.policy/1'\nthis is not toml\n", r"bad.toml:2: error: not TOML"),
        (b"a = '\xff'", r"bad.toml:1: error: byte 5 \(0xff\) is not UTF-8"),
        (b"a = " + b"[" * 5000, "nested too deeply|not TOML"),
        (b"\x00", "not TOML"),
        (b"a = 1\na = 2", "not TOML"),
        (b"", r"the table \[policy\] is missing"),
        (b"policy = 3", r"\[policy\]|a number where a table"),
        (b"[[policy]]", "only one of these"),
        (b"[[retention]]\n[[retention]]", "id"),
        (b"retention = []", r"no \[\[retention\]\] at all"),
        (b"a = 2020-01-01", 'unknown key "a"'),
    ],
)
def test_what_is_no_policy_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(content)

    with pytest.raises(PolicyError, match=message):
        load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"gone\.toml.*cannot be read: No such file"):
        load(tmp_path / "gone.toml")


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm() -> None:
    text = make.EXAMPLE.read_text(encoding="utf-8").replace("\n", "\r\n")

    assert parse(read_bytes(b"\xef\xbb\xbf" + text.encode(), "a.toml")) == load(make.EXAMPLE)
