from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Person
from skola.ground.ui.api import qr_path
from skola.services.groups import attending, codes
from skola.services.groups.links import address_of
from skola.services.groups.models import Attendance, Meeting, Participant
from skola.services.groups.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "evening"), pytest.mark.tenant("kic")]

Enter = Callable[..., Person]
AT = datetime(2026, 3, 16, 16, 0, tzinfo=UTC)
"""Half an hour after the first meeting began: 18:00 in Riga."""


@pytest.fixture
def evening(now: datetime) -> Iterator[None]:
    with clock.standing_at(AT):
        yield


def scanned(meeting: Meeting, at: datetime = AT) -> str:
    """The address in the code that is on the wall at a moment."""
    return reverse("groups:here", args=[meeting.pk, codes.code_of(meeting.pk, at)])


def mine_of(seat: Participant) -> str:
    assert seat.application is not None
    return address_of(seat.application)


def test_a_participant_with_an_account_scans_and_signs(client: Client, enter: Enter) -> None:
    me = enter()
    seat = make.participant(who=me)
    there = scanned(make.meeting(seat.run))

    assert "I am here" in client.get(there).content.decode()
    assert client.post(there).status_code == 200

    attendance = Attendance.objects.get()
    assert (attendance.participant, attendance.way) == (seat, "account")
    client.post(there)
    assert Attendance.objects.count() == 1
    assert "you were there" in client.get(mine_of(seat)).content.decode()


def test_a_participant_without_an_account_lets_the_phone_be_known_and_scans(
    client: Client,
) -> None:
    seat = make.participant()
    there = scanned(make.meeting(seat.run))
    assert "whose phone" in client.get(there).content.decode()
    assert client.post(there).status_code == 404
    mine = mine_of(seat)
    client.get(mine)
    assert "sessionid" not in client.cookies

    assert client.post(f"{mine}phones/").status_code == 302
    client.post(there)

    assert Attendance.objects.get().way == "link"


def test_a_participant_types_the_code_on_the_own_page(client: Client) -> None:
    seat = make.participant()
    meeting = make.meeting(seat.run)
    code = codes.code_of(meeting.pk, AT).lower()

    wrong = client.post(f"{mine_of(seat)}attendances/", {"code": "AAAA-AAAA"})
    assert wrong.status_code == 409
    right = client.post(f"{mine_of(seat)}attendances/", {"code": f"{code[:4]} - {code[4:]}"})

    assert right.status_code == 302
    assert Attendance.objects.get().way == "link"


@pytest.mark.parametrize(("seconds", "accepted"), [(59, True), (90, False)])
def test_a_code_on_a_photo_is_of_no_use(
    client: Client, enter: Enter, seconds: int, accepted: bool
) -> None:
    seat = make.participant(who=enter())
    there = scanned(make.meeting(seat.run), AT - timedelta(seconds=seconds))

    assert client.post(there).status_code == (200 if accepted else 409)
    assert Attendance.objects.exists() is accepted


def test_a_code_is_good_for_its_meeting_only(client: Client, enter: Enter) -> None:
    seat = make.participant(who=enter())
    meeting = make.meeting(seat.run)
    another = make.meeting(make.run())
    code = codes.code_of(another.pk, AT)

    assert client.post(reverse("groups:here", args=[meeting.pk, code])).status_code == 409
    assert not Attendance.objects.exists()


def test_nobody_signs_a_meeting_of_another_group_or_another_day() -> None:
    seat = make.participant()
    tomorrow = make.meeting(seat.run, AT.date() + timedelta(days=1))
    elsewhere = make.meeting(make.run())

    for meeting in (tomorrow, elsewhere):
        with pytest.raises(attending.NotNowError):
            attending.sign(
                seat,
                meeting,
                codes.code_of(meeting.pk, AT),
                way="account",
                zone=make.RIGA,
                by="me",
                now=AT,
            )
        with pytest.raises(attending.NotNowError):
            attending.note(seat, meeting, present=True, zone=make.RIGA, by="me", now=AT)


def test_the_wall_shows_a_code_that_changes_and_no_names(client: Client, enter: Enter) -> None:
    enter("coordinator")
    seat = make.participant()
    meeting = make.meeting(seat.run)
    wall = reverse("groups:wall", args=[meeting.pk])

    answer = client.get(wall)

    page = answer.content.decode()
    code = codes.code_of(meeting.pk, AT)
    assert answer["Refresh"] == "10"
    assert f"{code[:4]}-{code[4:]}" in page
    assert "Ozols" not in page
    with clock.standing_at(AT + timedelta(seconds=30)):
        later = client.get(wall).content.decode()
    assert code not in later.replace("-", "")
    with clock.standing_at(AT + timedelta(hours=5)):
        assert "not signed now" in client.get(wall).content.decode()


def test_the_drawing_is_a_square_of_whole_modules() -> None:
    size, path = qr_path("https://kic.example/groups/meetings/x/here/ABCDEFGH/")

    svg = f'<svg viewBox="0 0 {size} {size}"><path d="{path}"/></svg>'
    assert ElementTree.fromstring(svg) is not None
    assert size % 4 == 1
    corners = [f"M{x} {y}h1v1h-1z" for x, y in ((4, 4), (size - 5, 4), (4, size - 5))]
    assert [corner in path for corner in corners] == [True, True, True]
    assert f"M{size - 5} {size - 1}" not in path


def test_whoever_leads_notes_who_was_there_and_takes_it_back(client: Client, enter: Enter) -> None:
    enter("coordinator")
    seat = make.participant()
    meeting = make.meeting(seat.run)
    notes = reverse("groups:notes", args=[meeting.pk])

    assert client.post(notes, {"seat": seat.pk, "present": "on"}).status_code == 302
    assert Attendance.objects.get().way == "staff"
    page = client.get(reverse("groups:meeting", args=[meeting.pk])).content.decode()
    assert "noted by the trainer" in page
    assert client.post(notes, {"seat": seat.pk}).status_code == 302
    assert not Attendance.objects.exists()
    assert client.post(notes, {"seat": "x"}).status_code == 409
    other = make.participant(make.run(), family_name="Liepa")
    assert client.post(notes, {"seat": other.pk, "present": "on"}).status_code == 404
