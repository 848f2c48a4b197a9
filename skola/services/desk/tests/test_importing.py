from datetime import UTC, datetime
from pathlib import Path

import pytest

from skola.ground.audit.models import Entry
from skola.services.desk.importing import BadListError, import_list
from skola.services.desk.models import Call, Recording
from skola.services.desk.tests import make

pytestmark = pytest.mark.usefixtures("tenant", "stand")

HEAD = "began,line,direction,number,seconds,class,file\n"


def written(folder: Path, rows: str, head: str = HEAD) -> Path:
    """A call list with one recording beside it."""
    (folder / "one.wav").write_bytes(make.sound().read())
    (folder / "text.wav").write_text("not a sound")
    list_ = folder / "calls.csv"
    list_.write_text(head + rows, encoding="utf-8")
    return list_


@pytest.mark.keeps("ema-4.1-recording", "ema-4.3")
@pytest.mark.tenant("ema")
def test_a_list_is_entered_voicemails_are_linked_and_unannounced_lines_refused(
    tmp_path: Path, now: datetime
) -> None:
    make.line(number="100")
    make.line(number="200", announced=False)
    make.line(number="300", callee_role="other")
    list_ = written(
        tmp_path,
        "2026-03-01T12:00,100,outgoing,+370 600 00000,60,quality,one.wav\n"
        "2026-03-01T10:00,100,voicemail,0037060000000,20,voicemail,one.wav\n"
        "2026-03-01T11:00,200,incoming,+370 611 11111,20,quality,one.wav\n"
        "2026-03-01T11:30,200,incoming,+370 611 11111,20,,\n"
        "2026-03-01T11:40,300,incoming,+370 622 22222,20,quality,one.wav\n",
    )

    report = import_list(list_, by="skola calls", now=now)

    assert (report.calls, report.recordings, report.refused) == (3, 2, 2)
    left = Call.objects.get(direction="voicemail")
    assert left.started_at == datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    assert Call.objects.get(direction="outgoing").answers == left
    assert [one.announced for one in Recording.objects.all()] == [True, True]
    refused = Entry.objects.filter(kind="desk.recording.refused", clause="ema-4.3")
    because = sorted(entry.detail["because"] for entry in refused)
    assert because == ["not-advice", "unannounced"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("soon,100,incoming,1,1,,", "line 2, began: 'soon' is no moment"),
        ("2026-03-01T12:00,300,incoming,1,1,,", "line 2: no line '300'. Known are: 100."),
        ("2026-03-01T12:00,100,sideways,1,1,,", "line 2, direction: 'sideways' is none of"),
        ("2026-03-01T12:00,100,incoming,1,many,,", "line 2, seconds: 'many' is no number"),
        ("2026-03-01T12:00,100,incoming,1,1,oral-agreement,", "line 2, class"),
        ("2026-03-01T12:00,100,incoming,1,1,,none.wav", "there is no 'none.wav' beside"),
        ("2026-03-01T12:00,100,incoming,1,1,,../../etc/passwd", "there is no"),
        ("2026-03-01T12:00,100,incoming,1,1,,text.wav", "Choose a WAV"),
    ],
)
def test_a_wrong_list_enters_nothing_and_says_where(
    tmp_path: Path, now: datetime, row: str, words: str
) -> None:
    make.line(number="100")
    good = "2026-03-01T09:00,100,incoming,1,1,,\n"
    list_ = written(tmp_path, f"{row}\n{good}")

    with pytest.raises(BadListError, match=words.replace(".", r"\.")):
        import_list(list_, by="skola calls", now=now)

    assert list(Call.objects.all()) == []


def test_a_list_without_columns_or_of_another_encoding_is_refused(
    tmp_path: Path, now: datetime
) -> None:
    list_ = written(tmp_path, "", head="began,line\n")
    with pytest.raises(BadListError, match="no column direction"):
        import_list(list_, by="skola calls", now=now)

    list_.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadListError, match="Save it as CSV in UTF-8"):
        import_list(list_, by="skola calls", now=now)
    with pytest.raises(BadListError, match="Save it as CSV"):
        import_list(tmp_path / "none.csv", by="skola calls", now=now)


@pytest.mark.tenant("kic")
def test_a_tenant_without_the_purpose_takes_no_list(tmp_path: Path, now: datetime) -> None:
    with pytest.raises(BadListError, match="no purpose for recorded calls"):
        import_list(written(tmp_path, ""), by="skola calls", now=now)
