"""What the tests of disclosures do from outside: fill the register, pass on, demand, confirm."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from skola.ground import clock
from skola.ground.ids import uuid7
from skola.ground.people.models import Person
from skola.promises.disclosures.models import Demand, Party

OFFICE = "/office/promises/disclosures/"


def fields_in(answer: Any) -> set[str]:
    """The fields that a file holds, as the policy names them."""
    people = json.loads(answer.content)["people"]
    return {
        f"{model}.{column}"
        for one in people
        for model, records in one["records"].items()
        for record in records
        for column in record
    }


@dataclass
class Office:
    """An officer in a browser."""

    who: Client

    def enter(self, entry: str, name: str, *, country: str = "LV", email: str = "") -> Any:
        """Enter somebody in the register."""
        said = {
            "entry": entry,
            "name": name,
            "country": country,
            "email": email,
            "changed_on": f"{clock.now():%Y-%m-%d}",
        }
        return self.who.post(f"{OFFICE}register/new/", said)

    def paper(self, party: Party, kind: str, *, until: str = "", reference: str = "2019-09") -> Any:
        """Put something on file, valid from today."""
        said = {
            "kind": kind,
            "reference": reference,
            "valid_from": f"{clock.now():%Y-%m-%d}",
            "valid_until": until,
        }
        return self.who.post(f"{OFFICE}register/{party.pk}/papers/", said)

    def activate(self, party: Party) -> Any:
        return self.who.post(f"{OFFICE}register/{party.pk}/activations/")

    def party(
        self,
        entry: str,
        name: str = "SIA Partneris",
        *papers: str,
        country: str = "LV",
        email: str = "",
        active: bool = True,
    ) -> Party:
        """Somebody in the register with these papers, active unless said otherwise."""
        assert self.enter(entry, name, country=country, email=email).status_code == 302
        made = Party.objects.get(name=name, ended_at=None)
        for kind in papers:
            assert self.paper(made, kind).status_code == 302
        if active:
            assert self.activate(made).status_code == 302
        return made

    def pass_on(self, party: Party, *people: Person, ground: str, **said: str) -> Any:
        """Pass something on; a file where it was, a page with the reason where it was not."""
        told = {
            "party": str(party.pk),
            "people": "\n".join(one.email for one in people),
            "ground": ground,
            "once": str(uuid7()),
            **said,
        }
        return self.who.post(f"{OFFICE}passing/", told)

    def demand(self, party: Party, person: Person, **said: Any) -> Demand:
        """Record a demand."""
        told = {"party": str(party.pk), "email": person.email, **said}
        answer = self.who.post(f"{OFFICE}demands/new/", told)
        assert answer.status_code == 302, answer.content.decode()
        return Demand.objects.latest("received_at", "pk")

    def act(self, demand: Demand, what: str, said: Mapping[str, str] | None = None) -> Any:
        """``reviews``, ``approvals``, ``releases``, ``refusals``."""
        return self.who.post(f"{OFFICE}demands/{demand.pk}/{what}/", said or {})

    def page(self, place: str = "") -> str:
        answer = self.who.get(f"{OFFICE}{place}")
        assert answer.status_code == 200
        return answer.content.decode()


def is_refused(answer: HttpResponse, words: str) -> bool:
    """Whether nothing was passed on, for this reason."""
    said = answer.content.decode().replace("&#39;", "'")
    assert answer.status_code == 422, said
    assert words in said, said
    return True
