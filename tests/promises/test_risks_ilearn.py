"""iLearn asks customers about a risk: what they say serves risk management and nothing else."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.promises.incidents.tests import make as incidents
from skola.promises.retention.api import record_state
from skola.services.campaigns.models import Campaign
from skola.services.campaigns.tests.make import agree
from skola.services.surveys.models import RiskAnswer
from skola.services.surveys.tests import make
from tests.promises.asking import OWN
from tests.promises.keeping import keeps
from tests.promises.marketing import browser, office, written
from tests.promises.reading import ask, latest, refusals, sheet

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("ilearn")]
AT = make.A_DAY
QUESTION = "How safe are your data with us?"


@pytest.fixture(autouse=True)
def standing() -> Iterator[None]:
    with clock.standing_at(AT):
        yield


def customer() -> Account:
    """Somebody with a running contract, who agreed to offers."""
    made = people.account()
    record_state(made.person.pk, "contract.open", is_open=True, at=AT)
    agree(made.person, "marketing.own", scope="email", at=AT)
    return made


def first_page(account: Account) -> str:
    return browser(account).get("/").content.decode()


def answered(account: Account, score: int, words: str = "") -> None:
    found = re.search(r"/surveys/risks/[^/\"]+/", first_page(account))
    assert found
    told = {"score": str(score), "words": words}
    assert browser(account).post(found[0], told).status_code == 302
    assert browser(account).post(found[0], told).status_code == 409, "once"


@keeps("ilearn-9.g")
def test_what_customers_say_about_a_risk_chooses_nobody_for_an_offer() -> None:
    risk, staff = incidents.risk(at=AT), office()
    told = {"risk": risk.pk, "question": QUESTION, "ends_on": "2026-03-30"}
    risks = reverse("surveys:risks")
    assert staff.post(risks, told).status_code == 302
    customers = [customer() for _ in range(6)]
    for one, score in zip(customers, (1, 1, 1, 1, 1, 4), strict=True):
        answered(one, score, "The door stands open." if score == 4 else "")
    stranger = people.account()
    assert QUESTION not in first_page(stranger), "no contract runs"

    for field in ("score", "words", "survey_id"):
        condition = {"field_1": f"surveys.riskanswer.{field}", "op_1": "times", "value_1": "1"}
        refused = written(staff, "offers", offer="Locks", **condition)
        assert refused.status_code == 422
        assert "may not be chosen" in refused.content.decode()
    assert "surveys.riskanswer" not in written(staff, "offers", subject="").content.decode()
    noted = Entry.objects.filter(kind="campaigns.segment.refused")
    assert {one.detail["category"] for one in noted} == {"risk_survey"}
    assert not Campaign.objects.exists()

    for purpose in ("marketing.own", "surveys.research", "planning"):
        assert ask(staff, purpose, "surveys.riskanswer", by="answered_at") == 403, purpose
    assert {why for _purpose, _model, why in refusals()} == {"locked"}
    assert ask(staff, "surveys.risk", "surveys.riskanswer", by="answered_at") == 302
    assert sheet(staff, latest())[1:] == [["2026-03", "6"], ["all", "6"]]

    page = staff.get(risks).content.decode()
    assert risk.title in page
    assert "The door stands open." in page, "six have answered"
    assert customers[5].person.family_name not in page.partition("<main")[2]


def test_who_objects_is_neither_asked_nor_counted() -> None:
    survey = make.about_risk(QUESTION)
    said, silent = customer(), customer()
    answered(said, 2)
    asked = {"kind": "objection", "reply_by": "account", "words": ""}
    for one in (said, silent):
        assert QUESTION in first_page(one) or one is said
        sent = browser(one).post(f"{OWN}new/", {**asked, "purposes": ["surveys.risk"]})
        assert sent.status_code == 302
    assert QUESTION not in first_page(silent)
    assert browser(silent).get(reverse("surveys:risk", args=[survey.pk])).status_code == 403
    assert RiskAnswer.objects.count() == 1
    assert "Nobody has answered yet." in office().get(reverse("surveys:risks")).content.decode()
    assert ask(office(), "surveys.risk", "surveys.riskanswer", by="answered_at") == 302
    assert sheet(office(), latest())[1:] == []


def test_an_ended_survey_takes_no_answer_and_asks_nobody() -> None:
    survey, one, staff = make.about_risk(QUESTION), customer(), office()
    there = reverse("surveys:risk", args=[survey.pk])
    assert browser(one).get(there).status_code == 200
    assert staff.post(reverse("surveys:risk-endings", args=[survey.pk])).status_code == 302
    assert QUESTION not in first_page(one)
    assert browser(one).post(there, {"score": "3"}).status_code == 404
    assert Entry.objects.filter(kind="surveys.risk.ended").count() == 1
