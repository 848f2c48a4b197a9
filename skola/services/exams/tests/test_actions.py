"""Sitting, filming and marking, as they follow each other."""

from datetime import timedelta
from decimal import Decimal

import pytest

from skola.ground.audit.api import Entry
from skola.ground.files import api as files
from skola.ground.files.models import FilePart
from skola.ground.people.tests.make import account
from skola.services.exams import queries
from skola.services.exams.actions import RefusedError, filming, making, marking, sitting
from skola.services.exams.models import Answer, Attempt, Recording
from skola.services.exams.tests import make
from skola.services.exams.tests.make import A_DAY, MINUTE

pytestmark = pytest.mark.usefixtures("tenant")
ENDS = A_DAY + 60 * MINUTE


def test_nothing_of_a_published_exam_changes() -> None:
    exam = make.exam()
    words = making.Words("Other", "", 1, 1)

    for change in (
        lambda: making.change_exam(exam, words, by="x", now=A_DAY),
        lambda: making.add_question(exam, make.QUERIES[0], by="x", now=A_DAY),
        lambda: making.remove_question(exam.questions.all()[0], by="x", now=A_DAY),
    ):
        with pytest.raises(RefusedError):
            change()
    assert exam.questions.count() == 5


def test_an_exam_without_questions_is_not_published_and_a_draft_has_no_dates() -> None:
    draft = make.exam(queries=(), published=False)

    with pytest.raises(RefusedError):
        making.publish_exam(draft, by="x", now=A_DAY)
    with pytest.raises(RefusedError):
        make.date(draft)


def test_places_end_and_nobody_has_two() -> None:
    on = make.date(places=1)
    make.place(account().person, on=on)
    with pytest.raises(RefusedError, match="All places"):
        make.place(account().person, on=on)

    other = make.date(on.exam)
    mine = make.place(account().person, on=other)
    with pytest.raises(RefusedError, match="already"):
        make.place(mine.person, on=other)
    with pytest.raises(RefusedError, match="over"):
        make.place(account().person, on=other, at=A_DAY + timedelta(hours=8))


def test_nobody_begins_before_a_person_has_let_them_in() -> None:
    held = make.place(let_in=False)
    with pytest.raises(RefusedError, match="let you in"):
        sitting.begin(held, told_days=14, camera=True, by="candidate", now=A_DAY)

    with pytest.raises(RefusedError, match="Somebody else"):
        sitting.check_identity(
            held, outcome="confirmed", checker=held.person, by="examiner", now=A_DAY
        )


def test_a_filmed_exam_does_not_begin_without_its_camera_and_the_other_way_does() -> None:
    held = make.place()
    with pytest.raises(RefusedError, match="without a camera"):
        sitting.begin(held, told_days=14, camera=False, by="candidate", now=A_DAY)

    sitting.choose_way(held, way="room", by="candidate", now=A_DAY)
    begun = sitting.begin(held, told_days=14, camera=False, by="candidate", now=A_DAY)

    assert (begun.begun_at, begun.ends_at, begun.way) == (A_DAY, ENDS, "room")
    assert Recording.objects.count() == 0
    with pytest.raises(RefusedError, match="has begun"):
        sitting.choose_way(held, way="camera", by="candidate", now=A_DAY)
    assert Entry.objects.filter(kind="exams.attempt.way_chosen").count() == 1


def test_beginning_twice_keeps_the_first_clock() -> None:
    begun = make.begun()

    again = sitting.begin(begun, told_days=14, camera=True, by="candidate", now=A_DAY + MINUTE)

    assert again.ends_at == ENDS


def test_answers_are_kept_and_counted_as_late_by_the_servers_clock_alone() -> None:
    held = make.begun()
    first, second, *_rest = held.sitting.exam.questions.all()
    said = {first.pk: ["1"], second.pk: ["0"]}
    assert sitting.save_answers(held, said, now=ENDS) == 2
    assert sitting.save_answers(held, said, now=ENDS + MINUTE) == 0
    assert sitting.save_answers(held, {second.pk: ["1", "2"]}, now=ENDS + MINUTE) == 1

    with pytest.raises(RefusedError, match="over"):
        sitting.save_answers(held, {first.pk: ["0"]}, now=ENDS + 11 * MINUTE)

    told = Answer.objects.order_by("question__position").values_list("given", "is_late")
    assert list(told) == [(["1"], False), (["1", "2"], True)]


def test_answers_of_ten_minutes_without_a_network_are_not_lost() -> None:
    held = make.begun()
    given = make.answers(held)

    done = sitting.hand_in(held, given, by="candidate", now=ENDS + 10 * MINUTE)

    assert (done.finished_at, done.ending) == (ENDS, "handed-in")
    assert Answer.objects.filter(is_late=True).count() == 5


def test_the_key_proposes_and_a_person_gives_the_result() -> None:
    held = make.finished()
    assert held.released_at is None
    with pytest.raises(RefusedError, match="every answer"):
        marking.release_result(held, {}, marker=account().person, by="examiner", now=A_DAY)

    too_many = {key: marking.Mark(Decimal(9)) for key in make.marks(held)}
    with pytest.raises(RefusedError, match="worth"):
        marking.release_result(held, too_many, marker=account().person, by="examiner", now=A_DAY)
    with pytest.raises(RefusedError, match="Somebody else"):
        make.marked(held, marker=held.person)
    done = make.marked(held, long=0)

    assert (str(done.points), done.outcome) == ("6.00", "passed")
    with pytest.raises(RefusedError, match="already"):
        make.marked(held)


# ---- the film ------------------------------------------------------------------------------------


def test_parts_come_in_order_may_come_twice_and_make_one_film() -> None:
    held = make.begun()
    take = make.film(held, parts=2)
    with pytest.raises(files.OutOfTurnError) as early:
        make.part(take, 3, before=take.file.sha256, at=A_DAY)
    assert early.value.expected == 2

    make.part(take, 0, at=A_DAY)  # its answer was lost, so it comes again
    make.part(take, 2, before=take.file.sha256, at=A_DAY + 9 * MINUTE)

    take.refresh_from_db()
    whole = b"".join(make.bytes_of(number) for number in range(3))
    assert files.open_file(take.file).read() == whole
    assert (take.file.size, take.length_ms, take.pauses) == (len(whole), 6000, [])
    assert Recording.objects.get().parts == 3


def test_a_part_that_does_not_follow_from_the_one_before_is_not_kept() -> None:
    take = make.film(make.begun(), parts=1)

    with pytest.raises(RefusedError, match="does not follow"):
        make.part(take, 1, before="11" * 32, at=A_DAY)
    with pytest.raises(files.DifferentPartError):
        filming.add_part(take, filming.Part(0, b"other", 0, 2000, ""), now=A_DAY)

    assert FilePart.objects.count() == 1


def test_a_film_begins_like_a_film() -> None:
    take = make.film(make.begun(), parts=0)

    with pytest.raises(files.DifferentPartError):
        filming.add_part(take, filming.Part(0, b"<script>", 0, 2000, ""), now=A_DAY)


def test_a_pause_of_the_recorder_is_a_gap_of_the_film() -> None:
    held = make.begun()
    take = make.film(held, parts=2)
    make.part(take, 2, before=take.file.sha256, begins_ms=20_000, at=A_DAY + MINUTE)
    make.film(held, source="screen", parts=11)

    camera, screen = queries.strips(Recording.objects.get(), until=A_DAY + timedelta(seconds=22))

    assert [gap.seconds for gap in camera.gaps] == [16]
    assert screen.gaps == ()


def test_film_still_arrives_after_the_end_and_then_no_more() -> None:
    held = make.begun()
    take = make.film(held, parts=1)
    sitting.hand_in(held, {}, by="candidate", now=A_DAY + MINUTE)
    seal = make.part(take, 1, before=take.file.sha256, at=ENDS + 60 * MINUTE)

    with pytest.raises(RefusedError, match="not taken"):
        make.part(take, 2, before=seal, at=ENDS + 61 * MINUTE)
    with pytest.raises(RefusedError, match="over"):
        filming.open_take(
            Recording.objects.get(), source="camera", by="candidate", now=A_DAY + 2 * MINUTE
        )


def test_every_part_needs_the_films_key_and_has_one_of_its_own() -> None:
    one, two = make.finished(), make.finished(at=A_DAY)
    parts = list(FilePart.objects.values_list("stored_as", flat=True))

    sealed = []
    for name in parts:
        with files.sealed_object(name) as stored:
            sealed.append(stored.read())

    assert len(set(sealed)) == 6  # the same film twice, and nothing alike in what is stored
    assert not any(b"part" in one for one in sealed)
    assert Attempt.objects.filter(pk__in=(one.pk, two.pk)).count() == 2
