"""What people write is shown, never run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground.ui.markdown import is_external, markdown


def test_html_in_a_text_is_shown_as_text() -> None:
    shown = markdown('<script>alert("x")</script> and <b onclick="x()">bold</b>')
    assert "<script" not in shown
    assert "<b" not in shown.replace("<blockquote", "")
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_would_run_is_not_a_link(scheme: str) -> None:
    assert "href" not in markdown(f"[press]({scheme})")


def test_a_link_to_another_host_is_marked_and_keeps_no_opener() -> None:
    shown = markdown("[there](https://example.org/)")
    assert 'class="external"' in shown
    assert 'rel="noopener noreferrer"' in shown
    assert "another site" in shown


def test_a_link_within_the_service_is_not_marked() -> None:
    assert markdown("[here](/lessons/2/)") == '<p><a href="/lessons/2/">here</a></p>\n'


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("https://example.org", True),
        ("//example.org", True),
        (r"\\example.org", True),
        (" HTTP://EXAMPLE.ORG", True),
        ("/privacy/", False),
        ("#part", False),
        ("mailto:info@example.org", False),
    ],
)
def test_a_link_leaves_when_it_names_a_host(address: str, outside: bool) -> None:
    assert is_external(address) is outside


def test_the_highest_heading_takes_the_level_of_its_place() -> None:
    assert markdown("# One\n\n## Two", 3) == "<h3>One</h3>\n<h4>Two</h4>\n"
    assert markdown("### One\n\n##### Two") == "<h2>One</h2>\n<h4>Two</h4>\n"
    assert markdown("# a\n\n###### f", 3).endswith("<h6>f</h6>\n")


def test_a_table_is_aligned_by_class_and_not_by_style() -> None:
    shown = markdown("| a | b |\n|:--|--:|\n| 1 | 2 |")
    assert "style=" not in shown
    assert '<th class="end" scope="col">b</th>' in shown.replace(
        '<th scope="col" class="end">', '<th class="end" scope="col">'
    )


def test_nothing_written_shows_nothing() -> None:
    assert markdown(None) == markdown("") == ""


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_no_text_brings_an_inline_style_or_script(text: str) -> None:
    shown = str(markdown(text)).lower()
    assert "<script" not in shown
    assert "<style" not in shown
