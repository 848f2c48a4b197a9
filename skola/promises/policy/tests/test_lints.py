"""The checks: each finds its mistake, and finds nothing in the example."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import sized
from skola.promises.policy.lints import CHECKS, lint
from skola.promises.policy.periods import parse as period
from skola.promises.policy.problems import Severity
from skola.promises.policy.source import read
from skola.promises.policy.tests import make


def found(*edits: make.Edit, code: str) -> list[tuple[Severity, str, str]]:
    """What a check says of the example with edits: severity, table, key."""
    return [
        (problem.severity, problem.table, problem.key)
        for problem in lint(make.policy(*edits))
        if problem.code == code
    ]


def test_the_example_has_no_errors_and_no_warnings() -> None:
    assert {problem.severity for problem in lint(make.policy())} <= {Severity.NOTE}


@pytest.mark.parametrize("path", make.REAL, ids=lambda path: path.parent.name)
def test_no_bundled_policy_has_errors(path: Path) -> None:
    source = read(path)
    problems = lint(make.policy(path=path), source=source)

    assert [str(each) for each in problems if each.severity is Severity.ERROR] == []


def test_a_finding_names_file_line_table_key_and_remedy() -> None:
    text = make.EXAMPLE.read_text(encoding="utf-8")
    source = read(make.EXAMPLE)
    wrong = [
        each
        for each in lint(
            make.policy(make.setting("retention", "invoices", at_most=ONE_YEAR)), source=source
        )
        if each.code == "P015"
    ]

    (problem,) = wrong
    assert problem.line is not None
    assert text.split("\n")[problem.line - 1].startswith("at_most =")
    assert str(problem) == (
        f'{make.EXAMPLE}:{problem.line}: error P015: [[retention]] "invoices", at_most.period: '
        "1 year is shorter than the 7 years after fiscal_year.end that the law demands "
        '(EE: Raamatupidamise seadus § 12). Write "7 years"; '
        "what the source says goes into claimed."
    )


ONE_YEAR = {"period": "1 year", "after": "fiscal_year.end"}
ERROR, LAW, WARN, NOTE = Severity.ERROR, Severity.LAW, Severity.WARN, Severity.NOTE


# ---- P001: data without end ----


@pytest.mark.parametrize(
    "edit",
    [
        make.removing("retention", "visits"),
        make.setting("retention", "visits", only_if="contract.oral"),
        make.setting(
            "retention",
            "visits",
            at_most={"period": "1 year", "after": "account.found_inaccurate"},
        ),
        make.setting(
            "retention",
            "visits",
            at_most={"period": "1 year", "after": "page.visited", "action": "restrict"},
        ),
    ],
)
def test_p001_data_without_end(edit: make.Edit) -> None:
    assert found(edit, code="P001") == [(ERROR, '[[category]] "usage"', "id")]


def test_p001_a_purpose_that_always_lives_is_no_end() -> None:
    def keep_always(content: make.Raw) -> None:
        rule = make.one(content, "retention", "visits")
        del rule["at_most"]
        rule["keep_while"] = "any purpose alive"

    assert found(keep_always, code="P001") == [(ERROR, '[[category]] "usage"', "id")]


def test_p001_an_exception_must_end_too() -> None:
    edits = (
        make.setting(
            "retention", "visits", except_={"linked_to": "contract.oral", "use": "visits.long"}
        ),
        make.adding(
            "retention", id="visits.long", categories=["usage"], keep_while="any purpose alive"
        ),
    )

    assert found(*edits, code="P001") == [(ERROR, '[[retention]] "visits"', "except.use")]


@settings(max_examples=sized(20, 80))
@given(st.sets(st.sampled_from([rule["id"] for rule in make.raw()["retention"]])))
def test_p001_without_rules_there_is_no_end(names: set[str]) -> None:
    def drop(content: make.Raw) -> None:
        content["paragraph"] = []
        content["retention"] = [
            rule for rule in content["retention"] if rule["id"] not in names
        ] or [make.one(make.raw(), "retention", "visits")]

    policy = make.policy(drop)
    covered = {category for rule in policy.retention for category in rule.categories}
    immortal = {problem.table for problem in lint(policy) if problem.code == "P001"}

    assert immortal == {
        f'[[category]] "{each.id}"' for each in policy.category if each.id not in covered
    }


# ---- P002, P017: words ----


def test_p002_a_word_that_no_room_tells_of() -> None:
    problems = lint(make.policy(), emitted={"account.open"})

    assert (
        '[[retention]] "exams"',
        "at_most.after",
        'no room of this release tells of "exam.finished"',
    ) in [(each.table, each.key, each.message) for each in problems if each.code == "P002"]


def test_p002_is_silent_when_rooms_tell_of_everything() -> None:
    told = {
        "account.created", "account.last_action", "account.open", "consent", "contract.open",
        "contract.opened", "duty:accounting", "enquiry.last_message", "enquiry.open",
        "exam.contestable", "exam.finished", "fiscal_year.end", "page.visited",
    }  # fmt: skip

    assert [each for each in lint(make.policy(), emitted=told) if each.code == "P002"] == []


def test_p002_a_duty_by_an_unknown_capability() -> None:
    edit = make.adding("duty", id="tell", text="We tell you.", by=["telling"])

    assert found(edit, code="P002") == [(WARN, '[[duty]] "tell"', "by")]


def test_p017_a_capability_that_no_room_offers() -> None:
    problems = lint(make.policy(), offered={"account.sign_up", "rights.requests"})

    assert len([each for each in problems if each.code == "P017"]) == 9


# ---- P003: contradictions ----


def test_p003_a_floor_that_outlives_its_ceiling() -> None:
    floor = {"period": "15 days", "after": "exam.finished", "class": "purpose"}

    assert found(make.setting("retention", "exams", at_least=floor), code="P003") == [
        (ERROR, '[[retention]] "exams"', "at_least")
    ]


def test_p003_not_when_the_ceiling_yields() -> None:
    floor = {"period": "15 days", "after": "exam.finished", "class": "claim"}

    assert found(make.setting("retention", "exams", at_least=floor), code="P003") == []


def test_p003_kept_while_open_and_ended_all_the_same() -> None:
    edit = make.setting(
        "retention", "visits", at_least={"while": "contract.open", "class": "contract"}
    )

    assert found(edit, code="P003") == [(ERROR, '[[retention]] "visits"', "at_most.yields_to")]


# ---- P004, P005, P018: consent ----


def test_p004_withdrawing_is_as_easy_as_giving() -> None:
    def narrow(content: make.Raw) -> None:
        content["consent"][0]["withdraw_by"] = ["email"]

    assert found(narrow, code="P004") == [(ERROR, '[[consent]] "newsletter"', "withdraw_by")]


@pytest.mark.parametrize(
    ("target", "promise", "wrong"),
    [
        ("48 hours", "7 days", False),
        ("2 days", "7 days", True),
        ("49 hours", "7 days", True),
        ("at once", "at once", False),
        ("1 minute", "at once", False),
        ("3 hours", "2 hours", True),
    ],
)
def test_p004_an_opt_out_takes_effect_within_48_hours(
    target: str, promise: str, wrong: bool
) -> None:
    edit = make.setting("marketing", "", opt_out_target=target, opt_out_promise=promise)

    expected = [(ERROR, "[marketing]", "opt_out_target")] if wrong else []
    assert found(edit, code="P004") == expected


@pytest.mark.parametrize(
    ("given_by", "wrong"),
    [
        ("using the site", True),
        ("registering", True),
        ("registration", True),
        ("submitting data", True),
        ("an active choice in the banner", False),
        ("ticking the box when registering", False),
        ("leaving contact data in the survey", False),
    ],
)
def test_p005_consent_by_use(given_by: str, wrong: bool) -> None:
    edit = make.setting(
        "purpose", "newsletter", basis={"kind": "consent", "art": "6(1)(a)", "given_by": given_by}
    )

    expected = [(LAW, '[[purpose]] "newsletter"', "basis.given_by")] if wrong else []
    assert found(edit, code="P005") == expected


def test_p005_consent_that_the_source_claims() -> None:
    def claim(content: make.Raw) -> None:
        content["consent"][0]["claimed"] = "using the site"

    assert found(claim, code="P005") == [(LAW, '[[consent]] "newsletter"', "give_by")]


def test_p018_a_purpose_that_nobody_can_consent_to() -> None:
    def forget(content: make.Raw) -> None:
        content["consent"] = []

    assert found(forget, code="P018") == [(ERROR, '[[purpose]] "newsletter"', "basis.kind")]


def test_p018_a_purpose_on_consent_that_lives_on() -> None:
    edit = make.setting("purpose", "newsletter", alive_while=["consent:newsletter", "account.open"])

    assert found(edit, code="P018") == [(ERROR, '[[purpose]] "newsletter"', "alive_while")]


def test_p018_consent_is_not_asked_for_what_does_not_need_it() -> None:
    def mislead(content: make.Raw) -> None:
        content["consent"][0]["purpose"] = ["newsletter", "accounting"]

    assert found(mislead, code="P018") == [
        (ERROR, '[[consent]] "newsletter, accounting"', "purpose")
    ]


# ---- P006, P010, P011: others ----


def test_p006_a_transfer_needs_a_safeguard() -> None:
    edit = make.adding("transfer", to="third countries", who=["developers"], safeguard=[])

    assert found(edit, code="P006") == [(ERROR, "[[transfer]] number 1", "safeguard")]


@pytest.mark.parametrize(
    ("keys", "wrong"),
    [
        ({"location": "third countries"}, True),
        ({"location": "US"}, True),
        ({"location": "third countries", "safeguard": "scc"}, False),
        ({"location": "NO"}, False),
        ({"location": "EEA"}, False),
    ],
)
def test_p006_a_processor_outside_needs_a_safeguard(keys: dict[str, str], wrong: bool) -> None:
    expected = [(ERROR, '[[processor]] "hosting"', "safeguard")] if wrong else []
    assert found(make.setting("processor", "hosting", **keys), code="P006") == expected


def test_p006_a_transfer_that_names_the_processor_is_enough() -> None:
    outside = make.setting("processor", "hosting", location="US")
    transfer = make.adding("transfer", to="the USA", who=["hosting"], safeguard=["adequacy"])

    assert found(outside, transfer, code="P006") == []


def test_p006_consent_by_use_is_no_safeguard() -> None:
    edit = make.adding(
        "transfer",
        to="third countries",
        who=["developers"],
        safeguard=["implied consent"],
    )

    assert [(each.code, each.key) for each in make.problems(edit)] == [("P006", "safeguard")]


def test_p006_what_the_source_claims_is_not_what_is_done() -> None:
    edit = make.adding(
        "transfer", to="US", who=["x"], safeguard=["scc"], claimed="you agree by using the site"
    )

    assert found(edit, code="P006") == [(LAW, "[[transfer]] number 1", "claimed")]


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"email": ""}, "email"),
        ({"email": "", "phone": "", "address": ""}, "email"),
        ({"email": "[email protected]"}, "email"),
        ({"email": "p***@north-school.example"}, "email"),
        ({"email": "privacy"}, "email"),
        ({"phone": "", "address": " "}, "address"),
        ({"kind": "general"}, ""),
    ],
)
def test_p010_the_contact_for_data_protection(keys: dict[str, str], key: str) -> None:
    def say_less(content: make.Raw) -> None:
        content["paragraph"] = []

    (problem,) = found(make.setting("contact", "privacy", **keys), say_less, code="P010")

    assert (problem[0], problem[2]) == (ERROR, key)


def test_p010_an_authority_that_has_moved() -> None:
    edit = make.setting("authority", "aki", website="http://www.dp.gov.ee")

    assert found(edit, code="P010") == [(WARN, '[[authority]] "aki"', "website")]


def test_p011_a_processor_without_agreement() -> None:
    edit = make.setting("processor", "hosting", contract=" None ")

    assert found(edit, code="P011") == [(ERROR, '[[processor]] "hosting"', "contract")]


def test_p011_a_recipient_without_purpose_and_basis() -> None:
    edit = make.setting("recipient", "tax-board", for_="", basis="unknown")

    assert found(edit, code="P011") == [
        (ERROR, '[[recipient]] "tax-board"', "for"),
        (ERROR, '[[recipient]] "tax-board"', "basis"),
    ]


# ---- P007, P008, P009, P016 ----


def test_p007_a_fee_is_decided_by_a_person() -> None:
    edit = make.setting("right", "access", fee={"free": 1, "per": "calendar year"})

    assert [each[0] for each in found(edit, code="P007")] == [LAW]


def test_p008_effect_from_publication() -> None:
    edit = make.setting("change", "", notice="from publication")

    assert found(edit, code="P008") == [(LAW, "[change]", "notice")]


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"claimed": "Continued use is consent."}, "claimed"),
        ({"default": "accept"}, "default"),
        ({"equal_buttons": False}, "equal_buttons"),
    ],
)
def test_p009_cookies_wait_for_a_choice(keys: dict[str, object], key: str) -> None:
    assert found(make.setting("cookies", "", **keys), code="P009") == [(LAW, "[cookies]", key)]


def test_p016_a_third_party_is_never_necessary() -> None:
    edit = make.adding(
        "cookie",
        name="_ga*",
        class_="necessary",
        party="third",
        lifetime="2 years",
        stores={"en": "a number", "et": "number"},
    )

    assert found(edit, code="P016") == [(ERROR, '[[cookie]] "_ga*"', "class")]


def test_p016_a_class_that_is_not_offered() -> None:
    edit = make.setting("cookies", "", classes=["necessary"])

    assert found(edit, code="P016") == [
        (ERROR, '[[cookie]] "language"', "class"),
        (ERROR, '[[cookie]] "display"', "class"),
    ]


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "cookie_choice"])
def test_p016_the_platform_s_own_cookies_are_listed(name: str) -> None:
    assert found(make.removing("cookie", name), code="P016") == [(ERROR, "[cookies]", "")]


# ---- P012: the register ----


def test_p012_both_ways(tmp_path: Path) -> None:
    clauses = sorted(
        {
            clause
            for value in make.raw().values()
            for each in (value if isinstance(value, list) else [value])
            if isinstance(each, dict)
            for clause in each.get("clause", [])
        }
        - {"north-school-7"}
        | {"north-school-13"}
    )
    (tmp_path / "north-school.toml").write_text(
        "".join(f'[[clause]]\nid = "{clause}"\n' for clause in clauses), encoding="utf-8"
    )

    problems = [each for each in lint(make.policy(), clauses=tmp_path) if each.code == "P012"]

    assert {each.severity for each in problems} == {ERROR}
    assert 'the clause "north-school-13" is neither executed nor informational' in {
        each.message for each in problems
    }
    wrong = [each for each in problems if each.message.startswith('"north-school-7"')]
    assert {each.table for each in wrong} == {
        '[[category]] "exam_video"',
        '[[paragraph]] "2"',
        '[[purpose]] "exam.supervise"',
        "[[purpose_lock]] number 1",
        '[[retention]] "exams"',
    }


def test_p012_a_sixth_policy_needs_no_register(tmp_path: Path) -> None:
    problems = [each for each in lint(make.policy(), clauses=tmp_path) if each.code == "P012"]

    assert [each.severity for each in problems] == [NOTE]


# ---- P014, P015, P019, P020 ----


def test_p014_what_ends_only_when_somebody_acts() -> None:
    def no_backstop(content: make.Raw) -> None:
        del make.one(content, "retention", "enquiries")["backstop"]

    assert found(no_backstop, code="P014") == [(WARN, '[[category]] "enquiry"', "id")]


def test_p014_a_number_of_ours_is_shown_to_the_officer() -> None:
    edit = make.setting("retention", "enquiries", claimed="as long as needed")

    assert found(edit, code="P014") == [(NOTE, '[[retention]] "enquiries"', "backstop")]


@pytest.mark.parametrize(("claimed", "severity"), [("", ERROR), ("The text says one year.", LAW)])
def test_p015_invoices_for_one_year_conflict_with_the_law(claimed: str, severity: Severity) -> None:
    edit = make.setting("retention", "invoices", at_most=ONE_YEAR, claimed=claimed)

    assert found(edit, code="P015") == [(severity, '[[retention]] "invoices"', "at_most.period")]


@given(st.integers(1, 20))
@settings(max_examples=20)
def test_p015_exactly_what_is_shorter_than_the_law(years: int) -> None:
    term = {
        "period": str(period(f"{years} year{'s' if years > 1 else ''}")),
        "after": "fiscal_year.end",
    }
    wrong = found(make.setting("retention", "invoices", at_most=term), code="P015")

    assert bool(wrong) == (years < 7)


def test_p019_video_exams_are_assessed_first() -> None:
    edit = make.setting("purpose", "exam.supervise", assessment="")

    assert found(edit, code="P019") == [(ERROR, '[[purpose]] "exam.supervise"', "assessment")]


def test_p020_data_that_no_purpose_uses() -> None:
    edit = make.setting("purpose", "newsletter", categories=["marketing"])

    assert found(edit, code="P020") == [(WARN, '[[category]] "consent"', "id")]


def message(**said: object) -> make.Edit:
    """The example with a kind of message."""
    one = {
        "id": "news",
        "name": {"en": "News", "et": "Uudised"},
        "kind": "offer",
        "ground": ["newsletter"],
        "channels": ["email"],
    }
    return lambda content: content.setdefault("message", []).append({**one, **said})


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({}, ""),
        ({"ground": []}, "ground"),
        ({"kind": "service"}, "ground"),
        ({"kind": "introduction", "ground": [], "segments": ["newsletter"]}, "segments"),
        ({"kind": "service", "ground": [], "sender": "partner"}, "sender"),
        ({"kind": "service", "ground": []}, ""),
        ({"channels": ["sms"]}, "channels"),
        ({"sender": "partner"}, "sender"),
        ({"ground": ["contract.perform"]}, ""),
    ],
)
def test_p021_offers_have_a_ground_on_each_channel(said: dict[str, object], key: str) -> None:
    expected = [(ERROR, '[[message]] "news"', key)] if key else []
    assert found(message(**said), code="P021") == expected


def test_p021_without_consent_no_machine_calls_and_no_partner_offers() -> None:
    marketing = make.setting(
        "marketing", "", channels=["phone", "auto-call"], partner_offers="sent-by-controller"
    )
    calls = message(ground=["contract.perform"], channels=["phone", "auto-call"], sender="partner")

    keys = {key for _severity, _table, key in found(marketing, calls, code="P021")}
    assert keys == {"channels", "ground"}


def found_in_public(**origins: object) -> make.Edit:
    """The example with people who are found in public sources."""

    def change(content: make.Raw) -> None:
        content["purpose"][0]["enables"] = ["companies.register"]
        if origins:
            content["origins"] = {"clause": ["c1"], **origins}

    return change


@pytest.mark.parametrize(
    ("said", "is_fine"),
    [
        ({}, False),
        ({"kinds": ["public"]}, False),
        ({"kinds": ["event"], "inform_within": "1 month"}, False),
        ({"kinds": ["public"], "inform_within": "1 month"}, True),
        ({"kinds": ["public"], "inform_within": "14 days"}, True),
        ({"kinds": ["public"], "inform_within": "5 weeks"}, False),
        ({"kinds": ["public"], "inform_within": "2 months"}, False),
    ],
)
def test_p025_who_is_found_in_a_public_source_is_told_within_a_month(
    said: dict[str, object], is_fine: bool
) -> None:
    expected = [] if is_fine else [(ERROR, "[origins]", "inform_within")]
    assert found(found_in_public(**said), code="P025") == expected


def undertaking(*, enabled: bool, told: bool) -> make.Edit:
    """The example with an undertaking that a purpose enables, or that is told, or both."""

    def change(content: make.Raw) -> None:
        if enabled:
            content["purpose"][0]["enables"] = ["staff.undertaking"]
        if told:
            text = {"en": "I keep it to myself.", "et": "Hoian selle enda teada."}
            content["undertaking"] = {"roles": ["support"], "version": "1", "text": text}

    return change


@pytest.mark.parametrize(("enabled", "told"), [(True, True), (False, False)])
def test_p026_what_the_staff_signs_is_enabled_and_told(enabled: bool, told: bool) -> None:
    assert found(undertaking(enabled=enabled, told=told), code="P026") == []


@pytest.mark.parametrize(("enabled", "told"), [(True, False), (False, True)])
def test_p026_finds_one_without_the_other(enabled: bool, told: bool) -> None:
    expected = [(ERROR, "[undertaking]", "text")]
    assert found(undertaking(enabled=enabled, told=told), code="P026") == expected


def test_codes_are_in_order() -> None:
    assert list(CHECKS) == [f"P{number:03}" for number in range(1, 32)]


# ---- P029 and P030: what nobody would ever see ----


@pytest.mark.parametrize(
    ("where", "severities"),
    [("sign-up and interest forms", []), ("exam.start", []), ("signup", [WARN])],
)
def test_p029_a_notice_names_a_form(where: str, severities: list[Severity]) -> None:
    text = {"en": "Short.", "et": "Lühike."}

    said = found(make.adding("notice_at_collection", where=where, text=text), code="P029")

    assert [severity for severity, _, _ in said] == severities


def test_p030_a_table_that_no_room_reads() -> None:
    def staff(content: make.Raw) -> None:
        content["staff"] = {"roles": ["officer"], "review": "1 year"}

    assert found(staff, code="P030") == [(WARN, "[staff]", "")]
    allowed = make.setting("purpose", "answer", enables=["desk.enquiries", "staff.practice"])
    assert found(staff, allowed, code="P030") == []


def test_p016_what_a_visitor_chooses_is_remembered_by_a_cookie() -> None:
    assert found(make.removing("cookie", "display"), code="P016") == [(WARN, "[cookies]", "")]
