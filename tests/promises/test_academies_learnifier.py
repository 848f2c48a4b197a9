"""Learnifier's promises about its clients and their academies, each as its check says."""

import io
import json
import re
import shutil
import zipfile
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as real
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from skola.__main__ import main
from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.db.walls import tenant_tables
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import foresee, sweep
from skola.services.academies.actions.ending import look_after
from skola.services.academies.models import OperatorLook
from skola.services.academies.tests import make
from skola.services.courses.tests import make as courses
from skola.services.runs.models import Participant
from skola.services.runs.tests import make as runs
from tests.promises.keeping import keeps
from tests.promises.visiting import Site, log_in

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def policies(tenant: Tenant, tmp_path: Path, settings: Any) -> Path:
    """The operator's published policy, and beside it those of the academies of a test."""
    folder = tmp_path / "policies"
    shutil.copytree(Path(real.ROOT) / "policies" / "learnifier", folder / "learnifier")
    settings.POLICIES = folder
    return folder


def arrived(founded: make.Founded) -> Client:
    """The founder in the academy, just gone over."""
    client = Client(HTTP_HOST=founded.host)
    client.get(founded.arrival)
    return client


def entered(founded: make.Founded, account: Account) -> Client:
    """Somebody of the academy, signed in there."""
    client = Client(HTTP_HOST=founded.host)
    with inside(founded.academy.client):
        client.force_login(account)
    return client


@keeps("learnifier-cta")
@pytest.mark.browser
def test_a_new_client_founds_an_academy_and_is_in_it(
    page: Page, site: Site, account: Account
) -> None:
    log_in(page, site)
    page.goto(site.url("/academies/new/"))
    page.get_by_role("textbox", name="Organisation").fill("Bergslags Verkstad AB")
    page.get_by_role("textbox", name="Postal address").fill("Gruvgatan 3, 711 30 Lindesberg")
    page.get_by_label("E-mail for questions").fill("personal@bergslag.example.org")
    page.get_by_label("Name of the academy").fill("Bergslags akademi")
    page.get_by_label("Address on the web").fill("bergslag")
    page.get_by_label("What it is for").fill("Det vi kan, lär vi ut")
    page.get_by_label("Main language").select_option("en")
    page.get_by_label("agrees to the processing agreement").check()
    page.get_by_role("button", name="Found the academy").click()

    page.get_by_role("link", name="Open the academy").click()
    page.wait_for_url("http://bergslag.learnifier.localhost:*/academies/own/")
    expect(page.locator(".header-name")).to_contain_text("Bergslags akademi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bergslags akademi")
    expect(page.get_by_role("button", name="Save")).to_be_visible()


@keeps("learnifier-10.b")
def test_an_administrator_renames_the_organisation_and_nobody_else_does() -> None:
    founded = make.founded()
    administrator = arrived(founded)
    with inside(founded.academy.client):
        ordinary = entered(founded, people.account(email="ola@example.org"))
    told = {
        "name": "Nya akademin",
        "tagline": "Vi lär vidare",
        "accent": "#115511",
        "organisation": make.TOLD.organisation,
        "number": make.TOLD.number,
        "address": make.TOLD.address,
        "email": make.TOLD.email,
    }

    assert ordinary.post("/academies/own/", told).status_code == 404
    assert "Nya akademin" not in administrator.get("/").content.decode()
    assert administrator.post("/academies/own/", told).status_code == 302

    for path in ("/", "/privacy/", "/courses/mine/"):
        shown = ordinary.get(path).content.decode()
        assert "Nya akademin" in shown, path
        assert "Bergslags akademi" not in shown, path


def found_in(tenant: UUID, marker: str) -> set[str]:
    """The tables in which a tenant has a row that says this somewhere, hidden ones included."""
    found = set()
    with inside(tenant), reading_for(ENGINE), connection.cursor() as cursor:
        for table in sorted(tenant_tables(cursor)):
            said = f'select count(*) from "{table}" as one where one::text ilike %s'
            cursor.execute(said, [f"%{marker}%"])
            if cursor.fetchone() != (0,):
                found.add(table)
    return found


def bring(client: Client, run: Any, text: str) -> None:
    """A list is uploaded, looked at and confirmed."""
    upload = SimpleUploadedFile("list.csv", text.encode())
    page = client.post(f"/runs/{run.pk}/previews/", {"file": upload}).content.decode()
    sealed = re.search(r'name="list" value="([^"]+)"', page)
    assert sealed
    told = {"list": unescape(sealed[1])}
    assert client.post(f"/runs/{run.pk}/lists/", told).status_code == 302


@keeps("learnifier-12.a")
def test_people_on_a_clients_list_are_with_that_client_alone(tenant: Tenant) -> None:
    one, other = make.founded(), make.founded(word="annat")
    with inside(one.academy.client):
        run = runs.run(courses.course())
    marker = "kanariefagel"

    bring(arrived(one), run, f"given_name,family_name,email\nOla,Berg,{marker}@x.example\n")

    with inside(one.academy.client):
        (participant,) = Participant.objects.all()
        assert participant.person.email == f"{marker}@x.example"
        assert participant.person.source == "client"
    assert {"people_person", "people_account"} <= found_in(one.academy.client, marker)
    assert found_in(other.academy.client, marker) == set()
    assert found_in(tenant.pk, marker) == set()
    staff = people.account(email="staff@example.org")
    people.role(staff.person, "administrator")
    operator = Client(HTTP_HOST="learnifier.localhost")
    operator.force_login(staff)
    for path in ("/people/", f"/people/?q={marker}", "/academies/"):
        answer = operator.get(path)
        assert answer.status_code == 200
        assert f"{marker}@" not in answer.content.decode()
    assert "Ola Berg" in arrived_again(one).get(f"/runs/{run.pk}/").content.decode().replace(
        "Berg Ola", "Ola Berg"
    )


def arrived_again(founded: make.Founded) -> Client:
    """The founder, who was in the academy before."""
    with inside(founded.academy.client):
        account = Account.objects.exclude(last_login=None).get()
    return entered(founded, account)


MARKER = "kanariefagel"
A_SECOND, AN_HOUR, A_DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def with_somebody(founded: make.Founded, marker: str = MARKER) -> Participant:
    """Somebody takes part in a run of the academy."""
    with inside(founded.academy.client):
        run = runs.run(courses.course())
        return runs.participant(run, family_name="Berg", email=f"{marker}@x.example")


def operators(kind: str = "support") -> Client:
    """Somebody of the operator's staff, at the operator."""
    staff = people.account()
    people.role(staff.person, kind)
    client = Client(HTTP_HOST="learnifier.localhost")
    client.force_login(staff)
    return client


@keeps("learnifier-12.b")
def test_the_operators_staff_look_only_while_the_client_lets_them_in() -> None:
    founded = make.founded()
    somebody = with_somebody(founded)
    staff = operators()
    one = f"/academies/{founded.academy.pk}/people/{somebody.person_id}/"
    pages = (f"/academies/{founded.academy.pk}/people/", one)

    def statuses() -> list[int]:
        answers = [staff.get(path) for path in pages]
        shown = [MARKER in answer.content.decode() for answer in answers]
        assert shown == [answer.status_code == 200 for answer in answers]
        return [answer.status_code for answer in answers]

    begun = clock.now()
    assert statuses() == [403, 403]
    client = arrived(founded)
    assert "Nobody is let in" in client.get("/academies/own/access/").content.decode()
    told = {"reason": "Her list does not load", "hours": "4"}
    assert client.post("/academies/own/access/", told).status_code == 302

    assert statuses() == [200, 200]
    with clock.standing_at(begun + 4 * AN_HOUR - 30 * A_SECOND):
        assert statuses() == [200, 200]
    with clock.standing_at(begun + 4 * AN_HOUR + 60 * A_SECOND):
        assert statuses() == [403, 403]
    page = client.get("/academies/own/access/").content.decode()
    assert page.count("Her list does not load") >= 4
    assert page.count("Ola Berg") == 2
    with inside(founded.academy.client):
        assert OperatorLook.objects.filter(person=somebody.person_id).count() == 2
        kinds = Entry.objects.filter(kind__startswith="academies.operator.").values_list("kind")
        assert [kind for (kind,) in kinds].count("academies.operator.looked") == 4
        assert [kind for (kind,) in kinds].count("academies.operator.refused") == 4


@keeps("learnifier-12.b")
def test_the_client_shuts_the_door_before_its_time_and_customers_never_look() -> None:
    founded = make.founded()
    with_somebody(founded)
    client = arrived(founded)
    told = {"reason": "Her list does not load", "hours": "336"}
    client.post("/academies/own/access/", told)
    page = client.get("/academies/own/access/").content.decode()
    door = re.search(r"/academies/own/access/[0-9a-f-]+/endings/", page)
    assert door
    path = f"/academies/{founded.academy.pk}/people/"

    customer = Client(HTTP_HOST="learnifier.localhost")
    customer.force_login(people.account())
    assert customer.get(path).status_code == 404
    staff = operators()
    assert staff.get(path).status_code == 200
    assert client.post(door[0]).status_code == 302
    assert staff.get(path).status_code == 403


@keeps("learnifier-3.2.e")
def test_the_operators_report_counts_and_its_database_has_nobody_of_its_clients(
    tenant: Tenant,
) -> None:
    one, other = make.founded(), make.founded(word="annat", name="Annat")
    with_somebody(one)
    with_somebody(other, marker=f"{MARKER}2")
    look_after(now=clock.now())
    staff = operators("administrator")

    report = staff.get("/academies/").content.decode()

    rows = re.findall(r"<tr><td.*?</tr>", report, re.DOTALL)
    assert len(rows) == 2
    for row in rows:
        numbers = re.findall(r'cell-number"[^>]*>(\d+)<', row)
        assert numbers == ["2", "1"]
    assert MARKER not in report
    assert found_in(tenant.pk, MARKER) == set()
    for path in ("/people/", f"/people/?q={MARKER}", "/", "/desk/"):
        assert f"{MARKER}@" not in staff.get(path).content.decode()


@keeps("learnifier-3.2.f")
def test_the_client_erases_somebody_altogether_by_itself() -> None:
    founded = make.founded()
    somebody = with_somebody(founded)
    client = arrived(founded)
    assert found_in(founded.academy.client, MARKER)

    page = client.get(f"/people/{somebody.person_id}/").content.decode()
    assert MARKER in page
    erasing = f"/office/promises/erasures/of/{somebody.person_id}/"
    answer = client.post(erasing, {"reason": "asked", "understood": "on"})

    assert answer.status_code == 302
    assert found_in(founded.academy.client, MARKER) == set()


@keeps("learnifier-3.2.c")
def test_the_clients_pages_lead_to_its_own_notice_and_all_its_data_can_be_taken_along(
    tenant: Tenant,
) -> None:
    founded, other = make.founded(), make.founded(word="annat")
    with_somebody(founded)
    with_somebody(other, marker="frammande")
    visitor = Client(HTTP_HOST=founded.host)
    page = visitor.get("/").content.decode()
    footer = page[page.index('<footer class="footer"') :]
    assert 'href="/privacy/"' in footer
    notice = visitor.get("/privacy/").content.decode()
    assert make.TOLD.organisation in notice
    assert "Maria Trapp" not in notice
    assert visitor.get("/academies/own/copies/").status_code == 302

    client = arrived(founded)
    taken = client.get("/academies/own/copies/")
    whole = zipfile.ZipFile(io.BytesIO(b"".join(taken)))

    texts = {name: whole.read(name).decode() for name in whole.namelist()}
    assert MARKER in texts["tables/people_person.jsonl"]
    assert len(texts["tables/runs_participant.jsonl"].splitlines()) == 1
    assert len(texts["tables/courses_lesson.jsonl"].splitlines()) == 3
    assert "frammande" not in "".join(texts.values())
    account = json.loads(texts["tables/people_account.jsonl"].splitlines()[0])
    assert "password" not in account
    assert "django_session" not in "".join(texts)


@keeps("learnifier-12.c")
def test_what_the_agreement_says_goes_before_what_the_operator_says(tenant: Tenant) -> None:
    assert "60 days" in (Path(real.ROOT) / "policies/learnifier/2018-05-03.toml").read_text()
    founded = make.founded(days=30)
    with_somebody(founded)
    client = arrived(founded)
    at = clock.now()
    client.post("/academies/own/ending/", {"sure": "on"})
    with inside(founded.academy.client):
        look_after(now=at)
    founded.academy.refresh_from_db()
    closes_at = founded.academy.closes_at
    assert closes_at is not None
    assert 30 * A_DAY <= closes_at - at < 31 * A_DAY

    notice = Client(HTTP_HOST=founded.host).get("/privacy/").content.decode()
    assert f"(agreement {founded.academy.reference})" in notice
    assert "30 days" in notice
    with inside(founded.academy.client):
        for moment, there in ((closes_at - A_SECOND, True), (closes_at, False)):
            foresee(now=moment - A_DAY)
            sweep(now=moment)
            assert bool(found_in(founded.academy.client, MARKER)) == there


@keeps("learnifier-11")
def test_after_the_end_comes_the_time_to_take_along_and_then_nothing_is_left(
    tenant: Tenant,
) -> None:
    founded, other = make.founded(days=14), make.founded(word="annat")
    with_somebody(founded)
    with_somebody(other, marker="kvar")
    client = arrived(founded)
    client.post("/academies/own/ending/", {"sure": "on"})
    with inside(founded.academy.client):
        look_after(now=clock.now())
    founded.academy.refresh_from_db()
    closes_at = founded.academy.closes_at
    assert closes_at is not None
    untouched = found_in(other.academy.client, "kvar")

    with clock.standing_at(clock.now() + 13 * A_DAY):
        again = arrived_again(founded)
        again.get("/academies/own/ending/")
        with inside(founded.academy.client):
            assert found_in(founded.academy.client, MARKER)
    with inside(founded.academy.client):
        foresee(now=closes_at - A_DAY)
        sweep(now=closes_at)
    look_after(now=closes_at + A_DAY)

    assert Client(HTTP_HOST=founded.host).get("/").status_code == 404
    left = found_in(founded.academy.client, "")
    assert {table for table in left if not table.startswith("audit_")} <= {"files_doomedobject"}
    assert found_in(founded.academy.client, MARKER) == set()
    assert found_in(other.academy.client, "kvar") == untouched
    assert Client(HTTP_HOST=other.host).get("/").status_code == 200


@keeps("learnifier-11")
@pytest.mark.parametrize("rule", ["customers", "access", "agreements", "customer-data", "news"])
def test_a_ground_without_its_number_fails_the_check(
    rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one half of learnifier-11; what follows the end of a client is the other."""
    whole = max((real.POLICIES / "learnifier").glob("*.toml")).read_text(encoding="utf-8")
    file = tmp_path / "policy.toml"
    file.write_text(whole, encoding="utf-8")
    assert main(["policy", "check", str(file)]) == 0
    begin = whole.index(f'[[retention]]\nid = "{rule}"')
    end = whole.index("[[retention]]", begin + 1)
    said, found = re.subn(r'(at_most = \{ period = ")\d+ ', r"\1", whole[begin:end])
    assert found == 1
    file.write_text(whole[:begin] + said + whole[end:], encoding="utf-8")
    capsys.readouterr()

    assert main(["policy", "check", str(file)]) == 2
    told = capsys.readouterr()
    assert "at_most" in told.out + told.err
