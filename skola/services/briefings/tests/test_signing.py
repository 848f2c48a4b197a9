import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.http import PROVEN_AT
from skola.ground.people.models import Mail, Person
from skola.ground.tenants.api import Tenant, inside
from skola.services.briefings import actions, queries, tasks
from skola.services.briefings import verify as check
from skola.services.briefings.evidence import STATES, VERIFIER, as_json, evidence_of
from skola.services.briefings.models import Agreement, Edition, Record, Signature
from skola.services.briefings.rules.signing import Refusal, Side
from skola.services.briefings.sealing import public_key
from skola.services.briefings.tests import make
from skola.services.workforce.models import Assignment
from skola.services.workforce.rules.terms import Standing
from skola.services.workforce.tests import make as workforce
from skola.services.workforce.tests.test_views import text_of

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ema")]

Enter = Callable[..., Person]
AT_MOST = 8


@pytest.fixture
def proven(client: Client, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sign somebody in who has just proven who they are."""
    from allauth.account.internal.flows import reauthentication

    monkeypatch.setattr(reauthentication, "get_reauthentication_flows", lambda _user: [])

    def prove(person: Person) -> None:
        enter(person=person)
        session = client.session
        session[PROVEN_AT] = clock.now().timestamp()
        session.save()

    return prove


def journal(client: Client, where: make.Works) -> str:
    return text_of(client.get(reverse("briefings:journal", args=[where.company.pk])))


def signed_by_employee(client: Client, where: make.Works) -> Any:
    """Read, answer and sign as a browser does."""
    task = where.task
    page = client.post(reverse("briefings:task", args=[task.pk]), make.RIGHT)
    return client.post(page["Location"], {"sure": "on"})


def signed_by_instructor(client: Client, where: make.Works) -> Any:
    signing = reverse("briefings:signing", args=[where.company.pk])
    return client.post(signing, {"task": [str(where.task.pk)]})


@pytest.mark.keeps("ema-2.1.8")
def test_both_sign_and_the_journal_shows_it_and_any_alteration(
    client: Client, proven: Callable[..., None]
) -> None:
    where = make.works()
    proven(where.employee.person)
    assert "Leave by the nearest door" in text_of(
        client.get(reverse("briefings:task", args=[where.task.pk]))
    )
    assert signed_by_employee(client, where).status_code == 302
    proven(where.instructor.person)
    assert signed_by_instructor(client, where).status_code == 302

    proven(where.manager)
    page = journal(client, where)
    assert re.search(
        r"1 2 Mar 2026 Fire safety at the workplace · version 1 Rasa Jonaitė1 2 Mar 2026, 11:00",
        page,
    )
    assert "Rasa Jonaitė2 2 Mar 2026, 11:00" in page
    assert "signed by both, seals fit" in page
    assert where.task.stands(make.TODAY) is Standing.VALID

    make.edition(where.training, text="Leave by any door.", change="Any door.")
    assert "version 1 · by now there is version 2" in journal(client, where)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.update(text="Something else")
    with pytest.raises(DatabaseError), transaction.atomic():
        Signature.objects.update(note="Something else")

    record = queries.records().get()
    assert queries.shown(record, make.TODAY).state == "whole"
    half = record.signatures.all()[0]
    sealed, half.note = half.note, half.note.replace("Rasa Jonaitė1", "Ona Petraitė")
    assert queries.shown(record, make.TODAY).state == "altered"
    half.note = sealed
    record.edition.text += " And jump."
    assert queries.shown(record, make.TODAY).state == "altered"


def test_wrong_answers_do_not_lead_to_the_signature_and_are_not_kept(
    client: Client, proven: Callable[..., None]
) -> None:
    where = make.works()
    proven(where.employee.person)
    url = reverse("briefings:task", args=[where.task.pk])

    page = client.post(url, {"q0": "1", "q1": "1"})

    assert page.status_code == 422
    assert "Read the text once more" in text_of(page)
    sign = reverse("briefings:sign", args=[where.task.pk])
    assert client.post(sign, {"sure": "on"})["Location"] == url
    assert client.post(f"{sign}?read=forged", {"sure": "on"})["Location"] == url
    assert not Record.objects.exists()


def test_without_a_written_agreement_nobody_signs_in_the_simple_way(
    client: Client, proven: Callable[..., None], settings: Any
) -> None:
    settings.SIGNING = ""
    where = make.works(agreed=False)
    proven(where.employee.person)

    page = signed_by_employee(client, where)
    assert page.status_code == 409
    assert "written agreement to sign in this way is not on file" in text_of(page)
    assert not Record.objects.exists()
    own = reverse("briefings:evidence", args=[where.employee.pk])
    told = {"agreed_on": "2026-03-01", "reference": "A-7"}
    assert client.post(own, told).status_code == 404, "nobody puts their own on file"

    proven(where.manager)
    assert client.post(own, {**told, "agreed_on": "2026-03-03"}).status_code == 422
    assert client.post(own, told).status_code == 302
    proven(where.employee.person)
    assert signed_by_employee(client, where).status_code == 302
    assert json.loads(Signature.objects.get().note.splitlines()[1])["agreement"] == {
        "on": "2026-03-01",
        "reference": "A-7",
    }


def test_one_person_is_never_both_sides(client: Client, proven: Callable[..., None]) -> None:
    where = make.works()
    proven(where.instructor.person)
    own = where.task_of(where.instructor)

    page = client.post(
        reverse("briefings:signing", args=[where.company.pk]), {"task": [str(own.pk)]}
    )

    assert page.status_code == 409
    assert "One person cannot be both sides" in text_of(page)
    assert not Record.objects.exists()


def test_an_instructor_is_offered_only_what_they_can_sign(
    client: Client, proven: Callable[..., None]
) -> None:
    where = make.works()
    added = workforce.bring(where.company, workforce.line("3"))
    make.agree(added["3"])
    make.sign(where, Side.INSTRUCTED)
    make.sign(where, Side.INSTRUCTOR, employee=added["3"])
    proven(where.instructor.person)

    page = client.get(reverse("briefings:signing", args=[where.company.pk]))

    offered = re.findall(r'name="task" value="([^"]+)"', page.content.decode())
    assert offered == [str(where.task.pk)], "not their own, and not what they have signed"


def test_a_half_of_yesterday_is_never_completed(client: Client, enter: Enter) -> None:
    where = make.works()
    make.sign(where, Side.INSTRUCTED)

    late = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # half past midnight in Vilnius
    second = make.sign(where, Side.INSTRUCTOR, at=late)

    assert (second.number, second.day.isoformat()) == (2, "2026-03-03")
    assert where.task.done_on is None
    assert [one.signatures.count() for one in Record.objects.order_by("number")] == [1, 1]


def test_a_side_signs_once_and_only_the_newest_text() -> None:
    where = make.works()
    old = queries.newest_edition(where.training)
    assert old is not None
    make.sign(where, Side.INSTRUCTED)

    with pytest.raises(actions.CannotSignError) as again:
        make.sign(where, Side.INSTRUCTED)
    make.edition(where.training, text="New.")
    told = actions.Signing(where.task, old, Side.INSTRUCTOR, where.instructor.person, None)
    with pytest.raises(actions.CannotSignError) as stale:
        actions.sign(told, zone=make.VILNIUS, by="instructor", now=make.A_DAY)

    assert [again.value.refusal, stale.value.refusal] == [
        Refusal.SIGNED,
        Refusal.OTHER_VERSION,
    ]


def test_a_missing_half_is_red_and_told_to_both_once_its_day_is_over(
    client: Client, proven: Callable[..., None]
) -> None:
    where = make.works()
    make.sign(where, Side.INSTRUCTED)
    proven(where.manager)

    tasks.tell_of_missing_halves()
    assert "waits for the other side today" in journal(client, where)
    assert not Mail.objects.exists()
    with clock.standing_at(make.day_after()):
        tasks.tell_of_missing_halves()
        tasks.tell_of_missing_halves()
        assert "half missing, proves nothing" in journal(client, where)
        evidence = client.get(f"/briefings/people/{where.employee.pk}/")
        assert "both sides have to sign again" in evidence.content.decode()

    told = {mail.person_id for mail in Mail.objects.all()}
    assert told == {where.employee.person_id, where.instructor.person_id}
    assert Mail.objects.count() == 2
    assert "was signed by one side only (briefed)" in Mail.objects.all()[0].text


def test_a_text_that_changed_is_read_again_with_the_change_shown(
    client: Client, proven: Callable[..., None]
) -> None:
    where = make.works()
    make.sign(where)
    later = make.A_DAY + timedelta(days=40)
    with clock.standing_at(later):
        make.edition(
            where.training,
            text="Leave by any door.\n\nDo not use the lift.",
            change="Any door.",
            again=True,
            at=later,
        )
        proven(where.employee.person)
        page = client.get(reverse("briefings:task", args=[where.task.pk])).content.decode()
        mine = text_of(client.get(reverse("workforce:mine")))

    assert "<ins>Leave by any door.</ins>" in page
    assert "<del>Leave by the nearest door.</del>" in page
    assert "Due by 11 May 2026: the text changed on 11 April 2026, with 30 days to read it." in mine


def verified(folder: Path, evidence: str, key: str) -> tuple[int, str]:
    """Run the program alone, in a folder of its own, without Skola on its path."""
    for name, content in (("verify.py", VERIFIER.read_text()), ("e.json", evidence), ("key", key)):
        (folder / name).write_text(content)
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "e.json", "key"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_evidence_is_verified_without_the_service(
    client: Client, proven: Callable[..., None], tmp_path: Path
) -> None:
    where = make.works()
    make.sign(where)
    make.sign(where, Side.INSTRUCTED, at=make.A_DAY + timedelta(days=1))
    proven(where.manager)
    url = reverse("briefings:evidence-file", args=[where.employee.pk, "json"])
    evidence = client.get(url).content.decode()
    key = client.get(reverse("briefings:key")).content.decode()
    assert client.get(reverse("briefings:verifier")).content == VERIFIER.read_bytes()

    code, said = verified(tmp_path, evidence, key)
    assert code == 0, said
    assert "record 1: Rasa Jonaitė2 (instructor) signed 'Fire safety', version 1" in said
    assert "record 2: HALF MISSING" in said
    code, said = verified(tmp_path, evidence.replace("lift", "stairs"), key)
    assert (code, said.startswith("NOT PROVEN")) == (1, True)


@pytest.mark.parametrize("part", ["person", "text", "day", "signature", "left-out", "seal", "key"])
def test_any_change_of_the_evidence_shows(part: str) -> None:
    where = make.works()
    make.sign(where)
    file = json.loads(as_json(evidence_of(where.employee, now=make.A_DAY)))
    name, number, raw = public_key().split("+", 2)
    keys = {(name, number): base64.b64decode(raw)[1:]}
    assert len(check.verify(file, keys)) == 2

    evidence = file["evidence"]
    record = evidence["records"][0]
    if part == "person":
        evidence["person"]["name"] = "Ona Petraitė"
    elif part == "text":
        evidence["texts"][record["text"]]["text"] = "Use the lift."
    elif part == "day":
        record["day"] = "2026-01-01"
    elif part == "signature":
        record["signatures"][0] = record["signatures"][0].replace("A-1", "A-2")
    elif part == "left-out":
        record["signatures"].pop()
    elif part == "seal":
        file["seal"] = record["signatures"][0]
    else:
        keys = {(name, number): bytes(32)}
    with pytest.raises((InvalidSignature, KeyError, ValueError)):
        check.verify(file, keys)


def test_the_evidence_is_a_pdf_too_and_given_to_nobody_else(
    client: Client, proven: Callable[..., None], enter: Enter
) -> None:
    where = make.works()
    make.sign(where)
    url = reverse("briefings:evidence-file", args=[where.employee.pk, "pdf"])
    proven(where.manager)
    assert client.get(url).content.startswith(b"%PDF-")
    assert client.get(url.replace(".pdf", ".exe")).status_code == 404
    proven(where.employee.person)
    assert client.get(url).status_code == 200

    for nobody in (where.instructor.person, enter("administrator")):
        enter(person=nobody)
        assert client.get(url).status_code == 404
    given = Entry.objects.filter(kind="briefings.evidence.given")
    assert [one.detail["own"] for one in given.order_by("at", "id")] == [False, True]


@pytest.mark.keeps("ema-2.5")
def test_two_employers_see_their_own_tasks_and_export_nothing_of_each_other(
    client: Client, proven: Callable[..., None]
) -> None:
    first = make.works()
    second = make.works()
    line = "7,Ana,Rimkutė,ana@example.org,,Vilnius,Driver,"
    here = workforce.bring(first.company, line)["7"]
    there = workforce.bring(second.company, line)["7"]
    assert here.person_id == there.person_id
    make.agree(here)
    workforce.requirement(first.company, title="Secret of the first")
    make.sign(first, employee=here)

    proven(second.manager)
    page = text_of(client.get(reverse("workforce:employee", args=[there.pk])))
    assert ("Fire safety" in page, "Secret of the first" in page) == (True, False)
    exported = reverse("briefings:evidence-file", args=[there.pk, "json"])
    told = json.loads(client.get(exported).content)["evidence"]
    assert (told["company"]["name"], told["records"]) == (second.company.name, [])
    assert client.get(exported.replace(str(there.pk), str(here.pk))).status_code == 404
    proven(first.manager)
    own = client.get(exported.replace(str(there.pk), str(here.pk)))
    assert len(json.loads(own.content)["evidence"]["records"]) == 1
    given = Entry.objects.filter(kind="briefings.evidence.given")
    assert [one.detail["records"] for one in given.order_by("at", "id")] == [0, 1]


def test_evidence_of_who_left_is_there_for_the_inspector(
    client: Client, proven: Callable[..., None]
) -> None:
    where = make.works()
    make.sign(where)
    workforce.bring(where.company, workforce.line("2"), complete=True)
    proven(where.manager)

    page = text_of(client.get(reverse("briefings:evidence", args=[where.employee.pk])))

    assert "signed by both, seals fit" in page
    assert client.get(reverse("workforce:employee", args=[where.employee.pk])).status_code == 404


def test_texts_are_written_and_published_anew(client: Client, proven: Callable[..., None]) -> None:
    where = make.works()
    proven(where.manager)
    texts = reverse("briefings:texts", args=[where.company.pk])
    told = {"title": "Ladders", "form": "target", "text": "Hold on.", "questions": make.QUESTIONS}

    assert client.post(texts, {**told, "questions": "Why?"}).status_code == 422
    assert client.post(texts, {**told, "title": "Fire safety"}).status_code == 422
    text = client.post(texts, told)["Location"]
    assert client.post(text, {**told, "text": "Hold on with both hands."}).status_code == 302

    page = text_of(client.get(text))
    assert ("Version 2 of 2 March 2026" in page, "both hands" in page) == (True, True)
    assert [one.version for one in Edition.objects.filter(title="Ladders")] == [1, 2]


def test_home_says_what_waits_for_the_instructor(
    client: Client, proven: Callable[..., None]
) -> None:
    where = make.works()
    make.sign(where, Side.INSTRUCTED)
    proven(where.instructor.person)

    assert "1 briefing waits for your signature" in text_of(client.get("/"))
    signed_by_instructor(client, where)
    assert "waits for your signature" not in text_of(client.get("/"))


def test_signing_asks_for_a_fresh_proof(client: Client, enter: Enter) -> None:
    where = make.works()
    enter(person=where.instructor.person)
    session = client.session
    session[PROVEN_AT] = make.A_DAY.timestamp() - 600
    session.save()

    answer = client.get(reverse("briefings:signing", args=[where.company.pk]))

    assert answer.status_code == 302
    assert "/account/" in answer["Location"]


@pytest.mark.tenant("kic")
def test_without_a_purpose_there_are_no_briefings(client: Client, enter: Enter) -> None:
    where = make.works(manager=enter())
    enter(person=where.manager)

    for name in ("texts", "journal", "signing"):
        assert client.get(reverse(f"briefings:{name}", args=[where.company.pk])).status_code == 404
    for name in ("key", "verifier"):
        assert client.get(reverse(f"briefings:{name}")).status_code == 404


def test_what_is_another_tenants_does_not_exist(
    client: Client, enter: Enter, other_tenant: Tenant
) -> None:
    with inside(other_tenant.pk):
        foreign = make.works()
        task = foreign.task.pk
    make.works(manager=enter())

    for name, key in (("journal", foreign.company.pk), ("evidence", foreign.employee.pk)):
        assert client.get(reverse(f"briefings:{name}", args=[key])).status_code == 404
    assert client.get(reverse("briefings:task", args=[task])).status_code == 404


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_pages_ask_the_database_as_often_for_a_company_ten_times_as_large(
    client: Client, proven: Callable[..., None]
) -> None:
    counts = []
    for size in (3, 30):
        where = make.works()
        people = workforce.bring(
            where.company, *[workforce.line(f"{size}-{n}") for n in range(size)]
        )
        for number in [f"{size}-{n}" for n in range(size // 3)]:
            make.agree(people[number])
            make.sign(where, employee=people[number])
        for day in range(1, 1 + size // 3):
            make.sign(where, Side.INSTRUCTED, at=make.A_DAY + timedelta(days=day))
        proven(where.employee.person)
        client.get("/")
        frame = queries_of(client, reverse("ui:display"))
        pages = {
            "task": reverse("briefings:task", args=[where.task.pk]),
            "evidence": reverse("briefings:evidence", args=[where.employee.pk]),
        }
        found = {name: queries_of(client, url) - frame for name, url in pages.items()}
        proven(where.instructor.person)
        client.get("/")
        frame = queries_of(client, reverse("ui:display"))
        signing = reverse("briefings:signing", args=[where.company.pk])
        found["signing"] = queries_of(client, signing) - frame
        proven(where.manager)
        client.get("/")
        frame = queries_of(client, reverse("ui:display"))
        for name in ("journal", "texts"):
            url = reverse(f"briefings:{name}", args=[where.company.pk])
            found[name] = queries_of(client, url) - frame
        counts.append(found)

    assert counts[0] == counts[1]
    assert {name: n for name, n in counts[1].items() if n > AT_MOST} == {}


def test_every_state_has_a_word() -> None:
    assert set(STATES) == {"whole", "waiting", "missing", "altered"}
    assert Agreement.objects.count() == 0
    assert Assignment.objects.count() == 0
