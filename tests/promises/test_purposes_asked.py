"""What is asked for, and when a purpose begins: headings, fields of forms, later purposes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from skola.__main__ import main
from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.policy.api import PolicyError
from skola.promises.reports.models import Report
from skola.services.courses.tests import make as courses
from skola.services.desk.models import Message
from skola.services.surveys.tests import make as surveys
from tests.promises.editing import Folder, real
from tests.promises.keeping import keeps
from tests.promises.people import browser

TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 1, 1, 0, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
NEW = "/office/reports/new/"


@pytest.fixture(autouse=True)
def no_limits_left(db: None) -> None:
    cache.clear()


def check(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run ``skola policy check`` on a policy."""
    file = tmp_path / "checked.toml"
    file.write_text(text)
    code = main(["policy", "check", str(file)])
    return code, capsys.readouterr().out


def field(purpose: str, *languages: str) -> str:
    """A field that the form of enquiries asks for besides."""
    label = ", ".join(f'{one} = "How many employees?"' for one in languages)
    hint = ", ".join(f'{one} = "We find a group of your size."' for one in languages)
    return f"""
[[form_field]]
id = "employees"
where = "enquiry"
label = {{ {label} }}
hint = {{ {hint} }}
{purpose}
"""


def purpose(category: str, *languages: str, more: str = "") -> str:
    """A purpose that a policy did not have."""
    name = ", ".join(f'{one} = "To plan new places"' for one in languages)
    return f"""
[[purpose]]
id = "places.plan"
name = {{ {name} }}
basis = {{ kind = "legitimate-interest", art = "6(1)(f)", interest = {{ {name} }} }}
categories = ["{category}"]
alive_while = ["account.open"]
output = {{ form = "aggregate", min_cell = 5 }}
{more}

[[purpose]]
id = "security"
"""


SECURITY = '[[purpose]]\nid = "security"\n'
ASSESSED = 'compatibility = "Figures only; nobody is treated differently. Assessment 2026-4."'


@pytest.mark.tenant("kic")
@keeps("kic-aim")
def test_a_kind_of_record_is_not_attached_to_the_heading(
    client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = real("kic").read_text()
    assert check(text, tmp_path, capsys)[0] == 0
    head = 'id = "service.quality"\n'
    assert text.count(head) == 1

    code, said = check(text.replace(head, f'{head}categories = ["survey"]\n'), tmp_path, capsys)
    assert code == 2
    assert 'error P023: [[heading]] "service.quality", categories: "survey" is attached' in said
    assert '[[heading]] "service.quality"' not in check(text, tmp_path, capsys)[1]

    record = client.get("/privacy/record.json").json()
    (heading,) = record["headings"]
    concrete = {one["purpose"] for one in record["activities"]}
    assert heading["id"] not in concrete
    assert set(heading["purposes"]) <= concrete
    officer = people.account()
    people.role(officer.person, "officer")
    with clock.standing_at(TODAY):
        client.force_login(officer)
        told = {"title": "x", "form": "numbers", "model": "courses.enrolment", "by": "started_at"}
        assert client.post(NEW, {**told, "purpose": heading["id"]}).status_code == 403


@pytest.mark.tenant("kic")
@keeps("kic-minimisation")
def test_a_field_without_a_purpose_is_refused_and_one_with_a_purpose_is_asked(
    tenant: Tenant, folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = real("kic").read_text()
    code, said = check(text + field("", "lv", "en"), tmp_path, capsys)
    assert code == 2
    assert '[[form_field]] "employees"' in said
    assert "purpose" in said
    code, said = check(text + field('purpose = "sales"', "lv", "en"), tmp_path, capsys)
    assert code == 2, "sales does not use enquiries"
    assert "P024" in said
    code, said = check(text + field('purpose = "quality.of.all"', "lv", "en"), tmp_path, capsys)
    assert code == 2

    good = field('purpose = "enquiries"', "lv", "en")
    assert check(text + good, tmp_path, capsys)[0] == 0
    with clock.standing_at(TODAY):
        assert "How many employees?" not in browser(tenant).get("/desk/").content.decode()
    at = TODAY + A_DAY
    draft = folder.version("more", effective=at, published=TODAY)
    draft.write_text(draft.read_text() + good)
    folder.publish(draft, now=TODAY)
    with clock.standing_at(at + A_DAY):
        who = browser(tenant)
        page = who.get("/desk/").content.decode()
        assert "How many employees?" in page
        assert "We find a group of your size." in page
        shown = page.partition('name="shown" value="')[2].partition('"')[0]
    told = {"topic": "other", "body": "Do you come to us?", "email": "anna@example.org"}
    with clock.standing_at(at + A_DAY + timedelta(minutes=1)):
        sent = who.post("/desk/", {**told, "shown": shown, "besides_employees": "40"})
    assert sent.status_code == 302, sent.content.decode()
    assert "How many employees?: 40" in Message.objects.get().body


@pytest.mark.tenant("ilearn")
@keeps("ilearn-9.j")
def test_what_was_collected_before_a_purpose_is_not_returned_under_it(
    client: Client, folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = real("ilearn").read_text()
    code, said = check(text + field("", "lv", "en"), tmp_path, capsys)
    assert code == 2
    assert '[[form_field]] "employees"' in said

    draft = folder.version(
        "places",
        (SECURITY, purpose("learning", "lv", "en", more=ASSESSED)),
        effective=LATER,
        published=TODAY,
    )
    folder.publish(draft, now=TODAY)
    officer = people.account()
    people.role(officer.person, "officer")
    course = courses.course()
    for at in [LATER - A_DAY] * 7 + [LATER + A_DAY] * 6:
        courses.enrolment(course, people.person(), started_at=at)
    told = {"title": "x", "form": "numbers", "model": "courses.enrolment", "by": "started_at"}
    with clock.standing_at(LATER - A_DAY):
        client.force_login(officer)
        assert client.post(NEW, {**told, "purpose": "places.plan"}).status_code == 403
    with clock.standing_at(LATER + 2 * A_DAY):
        for wanted, months in {
            "places.plan": {"2027-01": 6},
            "planning": {"2026-12": 7, "2027-01": 6},
        }.items():
            assert client.post(NEW, {**told, "purpose": wanted}).status_code == 302
            report = Report.objects.get(purpose=wanted)
            sheet = client.get(f"/office/reports/{report.pk}/sheet/").content.decode()
            lines = dict(line.split(",") for line in sheet.split("\r\n")[1:-2])
            assert lines == {month: str(count) for month, count in months.items()}


@pytest.mark.tenant("ekool")
@keeps("ekool-4.3")
def test_a_new_purpose_comes_with_a_notice_and_an_assessment_and_never_silently(
    client: Client, folder: Folder
) -> None:
    officer = people.account()
    people.role(officer.person, "officer")
    for _number in range(6):
        surveys.invitation(people.person(), course=courses.course(), at=LATER + A_DAY)
    told = {"title": "x", "form": "numbers", "model": "surveys.invitation", "by": "answered"}
    told["purpose"] = "places.plan"
    with clock.standing_at(TODAY):
        client.force_login(officer)
        assert client.post(NEW, told).status_code == 403
        refused = Entry.objects.get(kind="reports.report.refused")
        assert refused.detail["why"] == "unlisted"
        assert "2027" not in client.get("/").content.decode()

    silent = folder.version(
        "silent", (SECURITY, purpose("survey", "et", "en")), effective=LATER, published=TODAY
    )
    with pytest.raises(PolicyError, match="nobody assessed"):
        folder.publish(silent, now=TODAY)
    edit = (SECURITY, purpose("survey", "et", "en", more=ASSESSED))
    folder.publish(folder.version("new", edit, effective=LATER, published=TODAY), now=TODAY)

    assessed = Entry.objects.get(kind="policy.purpose.registered")
    assert assessed.detail["purpose"] == "places.plan"
    assert assessed.detail["assessment"].endswith("Assessment 2026-4.")
    with clock.standing_at(TODAY + A_DAY):
        assert "The privacy policy changes on 1 January 2027." in client.get("/").content.decode()
        assert "To plan new places" in client.get("/privacy/versions/new/").content.decode()
        assert client.post(NEW, told).status_code == 403, "not before its day"
    with clock.standing_at(LATER + 2 * A_DAY):
        assert client.post(NEW, told).status_code == 302
        record = client.get("/privacy/record.json").json()
    (activity,) = [one for one in record["activities"] if one["purpose"] == "places.plan"]
    assert activity["compatibility"] == assessed.detail["assessment"]
