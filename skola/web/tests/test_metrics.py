"""What operators scrape, and who else does not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import override_settings
from prometheus_client.parser import text_string_to_metric_families

from skola.ground import clock
from skola.ground.people.tests import make
from skola.promises.policy.api import in_force
from skola.promises.retention.api import Breaker, Sweep
from skola.promises.rights.requests.tests import make as requests
from skola.web import metrics
from skola.web.doctor import examine

TOKEN = "a token of operators"


OF = ("rule", "state", "left")


def scraped(client: Client) -> dict[tuple[str, str], float]:
    """The values by name and rule or state."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (
            sample.name,
            next((sample.labels[of] for of in OF if of in sample.labels), ""),
        ): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("said", ["", "Bearer ", "Bearer another", TOKEN[:-1], "Bearer ñ"])
def test_without_the_token_there_is_no_such_page(client: Client, said: str) -> None:
    for token in (TOKEN, ""):
        with override_settings(METRICS_TOKEN=token):
            assert client.get("/metrics", headers={"Authorization": said}).status_code == 404
            assert client.post("/metrics").status_code in {403, 404, 405}


@override_settings(METRICS_TOKEN=TOKEN)
def test_it_tells_what_is_overdue_stopped_and_swept(client: Client) -> None:
    now = clock.now()
    rule = in_force(now).policy.retention[0].id
    Breaker.objects.create(rule=rule, tripped_at=now, due=812, allowed=25, foreseen=3)
    Sweep.objects.create(swept_at=now, policy="p", erased=50, seconds=2)

    found = scraped(client)

    assert found["skola_breaker_parts", rule] == 812
    assert found["skola_overdue_parts", rule] == 0
    assert found["skola_sweep_parts_per_second", ""] == 25
    assert found["skola_last_sweep_timestamp_seconds", ""] == pytest.approx(now.timestamp())
    assert found["skola_clock_doubtful", ""] == 0
    assert found["skola_jobs", "todo"] >= 0
    assert ("skola_queue_lag_seconds", "") in found
    assert ("skola_audit_lag_seconds", "") in found


@override_settings(METRICS_TOKEN=TOKEN)
def test_it_tells_how_many_requests_wait_by_days_left(client: Client) -> None:
    now = clock.now()
    person = make.person()
    for days in (40, 25, 1):
        requests.request(person, at=now - timedelta(days=days))
    requests.answered(person, at=now)

    found = scraped(client)

    left = {of: found["skola_requests_open", of] for of in ("late", "today", "week", "later")}
    assert left == {"late": 1, "today": 0, "week": 1, "later": 1}
    assert found["skola_requests_open", "paused"] == 0


@override_settings(METRICS_TOKEN=TOKEN)
def test_no_person_stands_in_it(client: Client) -> None:
    make.person(given_name="Canaria", family_name="Canarova", email="canary@example.org")

    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert b"anar" not in answer.content


@override_settings(METRICS_TOKEN=TOKEN)
def test_a_room_adds_its_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_watchers", [*metrics._watchers])
    metrics.watch(lambda _now: [metrics.Reading("skola_requests", "By days left.", 3)])

    assert scraped(client)["skola_requests", ""] == 3


def test_the_doctor_says_the_same_in_words(client: Client) -> None:
    now = clock.now()
    Breaker.objects.create(rule="films", tripped_at=now, due=812, allowed=25, foreseen=3)
    Sweep.objects.create(swept_at=now - timedelta(days=3), policy="p")

    said = {each.measure: each for each in examine() if "sweep" in each.measure}

    stopped = said["ilearn: the sweep stops no rule"]
    assert not stopped.ok
    assert "skola sweep --release films" in stopped.remedy
    assert not said["ilearn: a sweep ran within 26 hours"].ok
    assert said["ilearn: the sweep believes the clocks"].ok
