"""The notice and the public registers, read by a visitor without an account."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client

from skola.ground import clock
from skola.ground.people.tests import make
from skola.ground.tenants.api import Tenant
from skola.ground.tenants.queries import forget_hosts
from skola.promises.inventory.api import categories_held, declarations
from skola.promises.notices.api import look
from skola.services.desk.actions import answer, mail_answer
from skola.services.desk.models import Enquiry
from skola.services.desk.tests.make import enquiry
from skola.web.tenancy import publish_for
from tests.promises.editing import Folder, real
from tests.promises.keeping import keeps

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")


def html(client: Client, path: str, at: datetime = NOW, **extra: Any) -> str:
    with clock.standing_at(at):
        answer = client.get(path, headers={"Accept-Language": "en"}, **extra)
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    assert not answer.cookies, f"{path} sets {list(answer.cookies)}"
    return answer.content.decode()


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@keeps("ilearn-3")
@pytest.mark.tenant("ilearn")
def test_paragraph_3_leads_to_the_categories_of_the_inventory(client: Client) -> None:
    page = html(client, "/privacy/?language=en")
    paragraph = page.split('id="p3"')[1].split('id="p4"')[0]
    links = re.findall(r'href="(/privacy/[a-z]+/)"', paragraph)
    assert set(links) == {"/privacy/data/", "/privacy/glossary/"}
    assert "Any information about a person" in text(html(client, "/privacy/glossary/"))

    listed = html(client, "/privacy/data/")
    shown = set(re.findall(r'data-category="([a-z_]+)"', listed))
    assert set(categories_held()) <= shown
    fields = set(re.findall(r'data-field="([^"]+)"', listed))
    assert fields == {f"{one.table}.{name}" for one in declarations() for name in one.columns}


@pytest.mark.tenant("ema")
def test_what_belongs_to_a_kind_of_data_is_told_in_the_language_of_the_page(client: Client) -> None:
    english = html(client, "/privacy/data/?language=en")
    lithuanian = html(client, "/privacy/data/?language=lt")

    assert "employee identifier, birth date" in english
    assert "birth date" not in lithuanian, "its list is English"
    abroad = html(client, "/privacy/?language=lt&depth=full")
    assert "tiekėjų darbuotojai" in abroad
    assert "staff of suppliers" not in abroad


@keeps("ekool-1.7-list")
@pytest.mark.tenant("ekool")
def test_the_public_list_names_every_processor_of_the_register(client: Client) -> None:
    record = json.loads(html(client, "/privacy/record.json"))
    register = {each["id"] for every in record["activities"] for each in every["processors"]}
    page = html(client, "/privacy/recipients/")
    assert register
    assert set(re.findall(r'data-processor="([^"]+)"', page)) == register
    for part in page.split("data-processor=")[1:]:
        said = text(part.split("</section>")[0])
        for heading in ("What it does", "Where", "Agreement", "Contact", "On the list since"):
            assert heading in said, (heading, said[:80])
        assert "hello@ekool.eu" in said or 'rel="noopener' in part


@keeps("ekool-4.2")
@pytest.mark.tenant("ekool")
def test_the_record_of_processing_shows_the_six_purposes_with_their_bases(client: Client) -> None:
    record = json.loads(html(client, "/privacy/record.json"))
    page = text(html(client, "/privacy/purposes/"))
    wanted = {f"ekool-4.2.{number}" for number in range(1, 7)}
    found = {}
    for activity in record["activities"]:
        for clause in activity["clause"]:
            for one in wanted:
                if clause == one or clause.startswith(f"{one}-"):
                    found[one] = activity
    assert found.keys() == wanted
    for activity in found.values():
        assert activity["basis"]["kind"]
        assert activity["basis"]["article"].startswith("GDPR Art. 6(1)")
        assert unescape(activity["name"]) in page
        assert activity["basis"]["article"] in page


@keeps("ilearn-10.e")
@pytest.mark.tenant("ilearn")
def test_the_safety_of_premises_is_a_purpose_of_its_own_with_basis_and_term(client: Client) -> None:
    record = json.loads(html(client, "/privacy/record.json"))
    safety = [each for each in record["activities"] if "ilearn-10.e" in each["clause"]]
    assert {each["basis"]["kind"] for each in safety} == {"vital-interest", "legitimate-interest"}
    page = html(client, "/privacy/purposes/?language=en")
    for each in safety:
        assert {kind["id"] for kind in each["categories"]} == {"footage"}
        shown = text(page.split(f'data-purpose="{each["purpose"]}"')[1].split("</section>")[0])
        assert each["basis"]["article"] in shown
        assert "30 days" in shown
    users = {
        each["purpose"]
        for each in record["activities"]
        if "footage" in {kind["id"] for kind in each["categories"]}
    }
    # claims: what a person or the company contests in court, never a use for anything else
    assert users == {each["purpose"] for each in safety} | {"claims"}
    look(NOW)
    told = json.loads(html(client, "/privacy/is-it-true.json"))["promises"]
    (lock,) = [
        each
        for each in told
        if each["rule"].startswith("purpose_lock") and "ilearn-10.e" in each["clauses"]
    ]
    assert lock["state"] == "kept"


@keeps("ema-intro.a")
@pytest.mark.tenant("ema")
def test_each_kind_of_visitor_has_data_terms_and_rights(client: Client) -> None:
    record = json.loads(html(client, "/privacy/record.json"))
    found: dict[str, list[dict[str, Any]]] = {}
    for activity in record["activities"]:
        for subject in activity["subjects"]:
            found.setdefault(subject["id"], []).append(activity)
    assert {"visitor", "user", "employee", "candidate", "caller", "enquirer"} <= found.keys()
    for subject, activities in found.items():
        assert any(each["categories"] for each in activities), subject
        assert any(each["retention"] for each in activities), subject
        rights = {right for each in activities for right in each["rights"]}
        assert {"access", "rectification", "erasure", "objection"} <= rights, subject
    for each in record["activities"]:
        by_interest = each["basis"]["kind"] == "legitimate-interest"
        assert ("objection" in each["rights"]) == by_interest, each["purpose"]


@keeps("learnifier-1.a")
@pytest.mark.django_db
def test_every_declared_host_links_to_the_same_version_of_the_notice(
    tmp_path: Path, settings: Any
) -> None:
    settings.POLICIES = tmp_path
    policy = publish_for(real("learnifier"), now=NOW)
    forget_hosts()
    declared = tuple(policy.service.hosts)
    assert declared == ("www.red.learnifier.com",)
    versions = set()
    for host in ("learnifier.localhost", *declared):
        visitor = Client(HTTP_HOST=host)
        for path in ("/", "/account/login/", "/privacy/"):
            answer = visitor.get(path)
            assert answer.status_code == 200
            assert 'href="/privacy/"' in answer.content.decode(), (host, path)
        versions.add(json.loads(visitor.get("/privacy/is-it-true.json").content)["hash"])
    assert len(versions) == 1


@keeps("learnifier-8.c")
@pytest.mark.tenant("learnifier")
def test_sign_up_says_that_data_may_leave_the_area_and_follows_the_register(
    client: Client, folder: Folder
) -> None:
    def sign_up(at: datetime) -> str:
        with clock.standing_at(at):
            first = client.get("/account/signup/", headers={"Accept-Language": "en"})
            if "birth_on" in first.content.decode():
                client.post("/account/signup/", {"birth_on": "1990-01-01"})
                first = client.get("/account/signup/", headers={"Accept-Language": "en"})
        return text(first.content.decode())

    said = sign_up(NOW)
    assert "Your data may leave the European Economic Area: to" in said
    assert "USA" in said or "US" in said
    assert "Japan" not in said
    assert 'id="transfers"' in html(client, "/privacy/recipients/")

    effective = datetime(2026, 9, 1, 0, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
    draft = folder.version("japan", effective=effective, published=NOW)
    draft.write_text(
        draft.read_text()
        + '\n[[transfer]]\nto = "Japan"\nwho = ["hosting"]\nsafeguard = ["adequacy"]\n'
    )
    folder.publish(draft, now=NOW)
    assert "Japan" not in sign_up(effective - timedelta(hours=1))
    assert "Japan (adequacy decision)" in sign_up(effective + timedelta(hours=1))


@keeps("ilearn-7")
@pytest.mark.tenant("ilearn")
def test_a_rule_of_one_form_stands_beside_it_and_what_is_sent_names_its_version(
    client: Client, folder: Folder, tenant: Tenant
) -> None:
    own = "Raksti tikai to, kas vajadzīgs."
    assert own not in client.get("/desk/").content.decode()
    effective = NOW + timedelta(minutes=1)
    draft = folder.version("2026-03-02", effective=effective, published=NOW)
    draft.write_text(
        draft.read_text()
        + '\n[[notice_at_collection]]\nwhere = "enquiry form"\n'
        + f'text = {{ lv = "{own}", en = "Write only what is needed." }}\n'
    )
    folder.publish(draft, now=NOW)
    later = effective + timedelta(minutes=5)
    with clock.standing_at(later):
        form = client.get("/desk/", headers={"Accept-Language": "en"}).content.decode()
        assert "Write only what is needed." in text(form)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)"[^>]*value="([^"]*)"', form))
        topics = re.findall(r'<option value="([a-z-]+)"', form) or re.findall(
            r'name="topic" value="([a-z-]+)"', form
        )
    with clock.standing_at(later + timedelta(minutes=1)):
        answer = client.post(
            "/desk/",
            {
                **hidden,
                "topic": topics[0],
                "body": "When does the course begin?",
                "given_name": "Anna",
                "family_name": "Liepa",
                "email": "anna@example.org",
            },
        )
    assert answer.status_code == 302, text(answer.content.decode())[:600]
    assert Enquiry.objects.get().notice_version == "2026-03-02"


@keeps("ilearn-1")
@pytest.mark.tenant("ilearn")
def test_a_changed_address_stands_in_notice_footer_and_reply(
    client: Client, folder: Folder, tenant: Tenant
) -> None:
    old, new = "Brīvības iela 140, Rīga, LV-1012", "Tērbatas iela 9, Rīga, LV-1011"

    def shown(at: datetime) -> tuple[str, str, str]:
        page = html(client, "/privacy/", at)
        notice = text(page.split('id="p1"')[1].split('id="p2"')[0])
        mail.outbox.clear()
        asked = enquiry(email="anna@example.org", at=at)
        told = answer(asked, body="On Monday.", author=make.person(), by="test", now=at)
        mail_answer(told, now=at)
        return notice, text(page.split("<footer")[1]), str(mail.outbox[0].body)

    for place in shown(NOW):
        assert old in place
        assert "42103109986" in place
    effective = NOW + timedelta(minutes=1)
    moved = folder.version(
        "moved", (f'address = "{old}"', f'address = "{new}"'), effective=effective, published=NOW
    )
    folder.publish(moved, now=NOW)
    for place in shown(effective + timedelta(minutes=10)):
        assert new in place
        assert old not in place
