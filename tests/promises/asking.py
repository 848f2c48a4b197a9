"""Asking for something in the account, noting and answering it at the desk, as tests do it."""

from django.test import Client

from skola.ground import clock
from skola.promises.policy.api import in_force
from skola.promises.rights.api import letter
from skola.promises.rights.models import RightsRequest

OWN, DESK = "/account/requests/", "/office/promises/requests/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("&#39;", "'")


def ask(who: Client, kind: str, **told: str) -> RightsRequest:
    """File a request in the account; return it."""
    answer = who.post(f"{OWN}new/", {"kind": kind, "reply_by": "account", **told})
    assert answer.status_code == 302, answer.content.decode()
    made = RightsRequest.objects.latest("number")
    assert answer["Location"] == f"{OWN}{made.pk}/"
    return made


def note(officer: Client, kind: str, **told: str) -> RightsRequest:
    """Note a request at the desk; return it."""
    said = {
        "kind": kind,
        "channel": "post",
        "received_on": f"{clock.now():%Y-%m-%d}",
        "reply_by": letter(in_force(clock.now()).policy),
        "address": "Brīvības iela 1, Rīga",
        **told,
    }
    answer = officer.post(f"{DESK}new/", said)
    assert answer.status_code == 302, answer.content.decode()
    made = RightsRequest.objects.latest("number")
    assert answer["Location"] == f"{DESK}{made.pk}/"
    return made


def do(officer: Client, asked: RightsRequest, what: str, **told: str) -> int:
    """Do something at the desk; return the status."""
    return officer.post(f"{DESK}{asked.pk}/{what}/", told).status_code


def decide(officer: Client, asked: RightsRequest, outcome: str, **told: str) -> int:
    said = {"outcome": outcome, "reasons": "We looked at it.", **told}
    return do(officer, asked, "decisions", **said)
