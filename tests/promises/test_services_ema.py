"""EMA: applications are for those who select, recordings for those who may hear them."""

import json

import pytest
from django.urls import reverse

from skola.ground.tenants.models import Tenant
from skola.services.desk.models import Recording
from skola.services.desk.tests import make as desk
from skola.services.hiring.tests import make as hiring
from tests.promises.keeping import keeps
from tests.promises.people import customer, working
from tests.promises.test_access import copy_of

pytestmark = [pytest.mark.tenant("ema"), pytest.mark.usefixtures("standing")]


@keeps("ema-3.1-data")
def test_only_who_selects_opens_an_application_and_its_copy_has_all_that_was_told(
    tenant: Tenant,
) -> None:
    application = hiring.application()
    there = reverse("hiring:application", args=[application.pk])
    cv = reverse("files:show", args=[application.documents.get().file_id])
    selection = reverse("hiring:selection", args=[application.vacancy_id])

    for kind in ("support", "teacher"):
        who = working(tenant, kind)
        answers = [
            who.get(selection),
            who.get(there),
            who.get(cv),
            who.post(f"{there}moves/", {"to": "offer"}),
            who.post(f"{there}notes/", {"text": "Read."}),
        ]
        assert {answer.status_code for answer in answers} <= {403, 404}
        assert not any(b"Kazlauskien" in answer.getvalue() for answer in answers)
    recruiter = working(tenant, "recruiter")
    assert "Kazlauskien" in recruiter.get(there).content.decode()
    assert recruiter.get(cv).status_code == 200

    lines = copy_of(application.person)["data/candidate.jsonl"].splitlines()
    told = {name: value for line in lines for name, value in json.loads(line).items()}
    assert {
        "given_name": "Rasa",
        "family_name": "Kazlauskienė",
        "phone": "+370 600 00000",
        "email": "rasa@example.org",
        "former_workplaces": "A school",
        "present_workplace": "Another school",
        "position": "Teacher",
        "education": "University",
    }.items() <= told.items()


@keeps("ema-4.4")
def test_an_agent_gets_no_recording_and_the_person_has_it_in_the_copy(tenant: Tenant) -> None:
    caller = customer().person
    call = desk.call(kind="oral-agreement", contract=desk.contract(caller))
    recording = Recording.objects.get(call=call)
    here = f"/desk/calls/{call.pk}/"
    agent, reviewer = working(tenant, "support"), working(tenant, "reviewer")

    page = agent.get(here)

    assert page.status_code == 200
    assert "/plays/" not in page.content.decode()
    assert str(recording.audio_id) not in page.content.decode()
    assert "/plays/" in reviewer.get(here).content.decode()
    assert agent.post(f"{here}plays/", {"reason": "quality"}).status_code in {403, 404}
    heard = reviewer.post(f"{here}plays/", {"reason": "quality"}).content.decode()
    sound = heard.partition(f"{here}sound/")[2].partition('"')[0]
    assert sound
    assert reviewer.get(f"{here}sound/{sound}").status_code == 200
    assert agent.get(f"{here}sound/{sound}").status_code in {403, 404}
    assert agent.get(reverse("files:show", args=[recording.audio_id])).status_code in {403, 404}

    originals = {name: data for name, data in copy_of(caller).items() if "files/" in name}
    (audio,) = originals.values()
    assert audio.startswith(b"RIFF")
