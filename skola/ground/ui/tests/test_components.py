"""Components say in words what they show, and escape what they are given."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.paginator import Paginator
from django.utils import translation
from jinja2 import TemplateRuntimeError

from skola.ground.ui import charts, icons
from skola.ground.ui.api import ROWS_A_PAGE, render_block
from skola.ground.ui.tests import make

HOSTILE = "<img src=x onerror=alert(1)>"
GOES = date(2027, 3, 14)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_a_clock_says_when_and_why() -> None:
    assert charts.clock_sentence(GOES, "the contract ended") == (
        "Goes on 14 March 2027, because the contract ended."
    )
    assert charts.clock_sentence(GOES) == "Goes on 14 March 2027."


@pytest.mark.parametrize(
    ("on", "kind", "sentence", "words"),
    [
        (GOES, "sealed", "Sealed until 14 March 2027.", "sealed until 14 Mar 2027"),
        (GOES, "gone", "Gone since 14 March 2027.", "gone since 14 Mar 2027"),
        (None, "held", "On hold and not erased.", "on hold"),
        (GOES, "goes", "Goes on 14 March 2027.", "kept until 14 Mar 2027"),
    ],
)
def test_each_kind_of_clock_has_words_of_its_own(
    on: date | None, kind: str, sentence: str, words: str
) -> None:
    assert charts.clock_sentence(on, "", kind) == sentence
    assert charts.clock_words(on, kind) == words


def test_a_clock_that_does_not_run_yet_says_so() -> None:
    assert "has not happened" in charts.clock_sentence(None)
    assert charts.clock_words(None) == "kept for now"


def test_the_end_of_the_calendar_is_no_day_to_wait_for() -> None:
    assert charts.clock_sentence(date.max) == charts.clock_sentence(None)
    assert charts.clock_words(date.max) == "kept for now"


def test_a_percent_sign_in_a_reason_is_only_a_sign() -> None:
    assert "100 % done" in charts.clock_sentence(GOES, "you are 100 % done")


def test_a_clock_leads_to_its_reason() -> None:
    shown = make.drawn("{{ ui.clock(on, because=why, why_url='/why/') }}", on=GOES, why=HOSTILE)
    assert 'href="/why/"' in shown
    assert "<img" not in shown


def test_a_state_is_a_word_and_a_shape() -> None:
    shown = make.drawn("{{ ui.status('broken', word) }}", word=HOSTILE)
    assert "<svg" in shown
    assert "<img" not in shown


def test_every_state_has_a_shape_of_its_own() -> None:
    shapes = {str(icons.icon(name)) for name in ("ok", "broken", "waiting", "neutral")}
    assert len(shapes) == 4


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert all('aria-hidden="true"' in icons.icon(name) for name in icons.NAMES)
    assert icons.icon("no such icon") == icons.icon("dot")


def test_a_share_stays_between_nothing_and_all() -> None:
    assert charts.share(3, 7) == 42.86
    assert (charts.share(9, 7), charts.share(-1, 7), charts.share(1, 0)) == (100, 0, 0)


def test_time_passes_from_nothing_to_all() -> None:
    begin, end = date(2026, 1, 1), date(2026, 1, 11)
    assert charts.share_of_time(begin, date(2026, 1, 6), end) == 50
    assert charts.share_of_time(begin, date(2025, 1, 1), end) == 0
    assert charts.share_of_time(end, begin, begin) == 100


def test_a_chart_has_a_title_a_description_and_a_table() -> None:
    rows = [("September", 14), (HOSTILE, 31)]
    shown = make.drawn("{{ ui.bar_chart('c', 'Absences', rows, unit='lessons') }}", rows=rows)
    assert '<title id="c-title">Absences</title>' in shown
    assert "September: 14 lessons" in shown
    assert shown.count("<tr>") == 3
    assert "<img" not in shown


def test_an_empty_chart_is_drawn_without_bars() -> None:
    assert charts.chart_bars([]) == []


def test_a_table_carries_its_column_into_every_cell() -> None:
    shown = make.drawn(
        "{{ ui.table('People', ['Name', ('Marks', 'number')], rows) }}", rows=[[HOSTILE, 9]]
    )
    assert 'data-label="Name"' in shown
    assert '<td class="cell-number" data-label="Marks">9</td>' in shown
    assert "<img" not in shown


def test_rows_written_by_hand_carry_their_columns_too() -> None:
    shown = make.drawn(
        "{% call ui.table('People', ['Name', (who, 'number'), ('', 'action')]) %}"
        '<tr class="odd"><th scope="row">A</th><td class="cell-number">9</td><td>x</td></tr>'
        '<tr><td colspan="3">none</td></tr>'
        "{% endcall %}",
        who=HOSTILE,
    )
    assert '<th scope="row" data-label="Name">A</th>' in shown
    assert '<td class="cell-number" data-label="&lt;img' in shown
    assert '<td data-label="">x</td>' in shown
    assert '<td colspan="3">none</td>' in shown
    assert "<img" not in shown


def test_pages_keep_the_filters_of_the_address() -> None:
    page = Paginator(range(130), ROWS_A_PAGE).page(2)
    shown = make.drawn(
        "{{ ui.pagination(page, request) }}", page=page, request=make.get("/?state=open&page=2")
    )
    assert 'href="?state=open&amp;page=1"' in shown
    assert "51 to 100 of 130" in shown


def test_a_single_page_has_no_pager() -> None:
    page = Paginator(range(3), ROWS_A_PAGE).page(1)
    assert make.drawn("{{ ui.pagination(page, r) }}", page=page, r=make.get()).strip() == ""


def test_a_link_to_another_host_is_marked() -> None:
    shown = make.drawn("{{ ui.link('https://example.org/', 'there') }}{{ ui.link('/', 'here') }}")
    assert shown.count('rel="noopener noreferrer"') == 1
    assert "a privacy policy of its own" in shown
    assert '<a href="/">here</a>' in shown


def test_an_unknown_component_is_named() -> None:
    with pytest.raises(TemplateRuntimeError, match=r"ui\.carousel"):
        make.drawn("{{ ui.carousel() }}").strip()


def test_one_block_of_a_page_can_be_drawn_alone() -> None:
    shown = render_block("ui/errors/404.html", "words", {})
    assert shown.strip().startswith("<p>")
    assert "<html" not in shown


def test_a_block_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="no block 'nothing'"):
        render_block("ui/errors/404.html", "nothing", {}, make.get())
