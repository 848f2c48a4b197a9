"""A register is compared with the school's pupils; the school decides."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from skola.ground.audit.models import Entry
from skola.ground.people.models import Person, ProfileChange
from skola.services.diary.tests import make as diary
from skola.services.pupils import actions
from skola.services.pupils.comparing import ListError, read
from skola.services.pupils.models import Proposal
from skola.services.pupils.tests.test_pupils import CODE, at, head_of, strengthen
from skola.services.school.tests.make import A_DAY

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
OTHER = "38001085718"
LIST = f"""\ufeffcode;given_name;family_name;birth_on;address;teacher
{CODE};MARI 00;Mets-Kask;2012-05-05;Pikk 1;ignored
{OTHER};Somebody;Else;2010-01-01;;
"""


def facts(person: Person) -> tuple[str, str, date | None, str]:
    held = Person.objects.get(pk=person.pk)
    return held.given_name, held.family_name, held.birth_on, held.address


@pytest.mark.keeps("ekool-4.2.5")
def test_what_a_register_says_otherwise_is_proposed_and_changes_nothing_before_the_school_confirms(
    client_of: Callable[[Person], Client],
) -> None:
    world, elsewhere = diary.world(), diary.world(name="Kase Kool")
    child = world.pupil.person
    actions.set_code(child, CODE, by="school", now=A_DAY)
    actions.set_code(elsewhere.pupil.person, OTHER, by="school", now=A_DAY)
    before = facts(child)
    head = head_of(world)
    weak, stranger = client_of(head_of(world)), strengthen(client_of(head_of(elsewhere)))
    there = at("comparisons", world.school.pk)

    def sent(text: str) -> dict[str, object]:
        upload = SimpleUploadedFile("list.csv", text.encode())
        return {"register": "Population register", "as_of": "2026-02-28", "file": upload}

    office = strengthen(client_of(head))
    assert weak.post(there, sent(LIST)).status_code == 403
    assert stranger.post(there, sent(LIST)).status_code == 404
    assert office.post(there, sent("name\nMari\n")).status_code == 422
    for _twice in range(2):
        page = office.post(there, sent(LIST)).content.decode()
        assert "1 codes are of nobody here" in page

    proposed = {one.field: one for one in Proposal.objects.all()}
    assert {one: (this.held, this.value) for one, this in proposed.items()} == {
        "family_name": (before[1], "Mets-Kask"),
        "birth_on": ("2012-05-04", "2012-05-05"),
        "address": ("", "Pikk 1"),
    }, "of the school's own pupil, and not the name that differs by capitals alone"
    assert facts(child) == before, "nothing has changed"
    assert not ProfileChange.objects.exists()
    assert "Mets-Kask" in office.get(there).content.decode()

    def decide(field: str, who: Client, accept: str) -> int:
        return who.post(at("decisions", proposed[field].pk), {"accept": accept}).status_code

    assert decide("birth_on", stranger, "yes") == 404
    assert decide("birth_on", weak, "yes") == 403
    assert decide("birth_on", office, "yes") == 302
    assert decide("birth_on", office, "yes") == 409
    assert decide("family_name", office, "no") == 302
    assert facts(child) == (*before[:2], date(2012, 5, 5), before[3])
    change = ProfileChange.objects.get()
    assert (change.field, change.before, change.author) == ("birth_on", "2012-05-04", head)
    assert change.ground == "Population register, 2026-02-28"
    history = office.get(at("pupil", world.pupil.pk)).content.decode()
    assert "from a public register: Population register, 2026-02-28" in history
    kinds = Entry.objects.filter(kind__startswith="pupils.proposal").values_list("kind", flat=True)
    assert set(kinds) == {"pupils.proposal.accepted", "pupils.proposal.refused"}

    assert office.post(at("reversals", change.pk)).status_code == 302
    assert facts(child) == before, "and back again"
    assert office.post(there, sent(LIST.replace("Pikk 1", ""))).status_code == 200
    waiting = Proposal.objects.open().values_list("field", flat=True)
    assert set(waiting) == {"family_name", "birth_on", "address"}


def test_a_list_of_a_register_is_read_or_refused_with_the_line() -> None:
    (line,) = read("code,birth_on\n5120-504 0011,2012-05-04\n")
    assert (line.code, dict(line.told)) == (CODE, {"birth_on": "2012-05-04"})
    for torn in ("", "birth_on\n2012-05-04", "code\n1", "code,birth_on\n1,4.5.2012"):
        with pytest.raises(ListError):
            read(torn)
