"""Colours and choices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground.ui.rules import (
    ACCENT,
    AMBER,
    PAPER,
    SIZES,
    SLATE,
    Choice,
    Scheme,
    brand_css,
    contrast,
    luminance,
    read_choice,
    safe_accent,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
CHOICES = st.builds(
    Choice,
    more_contrast=st.booleans(),
    size=st.sampled_from(SIZES),
    readable_font=st.booleans(),
    scheme=st.sampled_from(Scheme),
)


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)


def test_contrast_is_that_of_the_standards_example() -> None:
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert luminance("808080") == pytest.approx(0.2159, abs=0.0005)


@given(COLOURS, COLOURS)
def test_contrast_does_not_ask_which_colour_is_the_ground(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21


@given(COLOURS, st.sampled_from([PAPER, SLATE, "#ffffff", "#000000"]))
def test_a_safe_accent_always_reads(accent: str, ground: str) -> None:
    assert contrast(safe_accent(accent, ground), ground) >= ACCENT


@given(COLOURS)
def test_an_accent_that_reads_is_not_touched(accent: str) -> None:
    if contrast(accent, PAPER) >= ACCENT:
        assert safe_accent(accent, PAPER) == accent


def test_a_brand_in_yellow_is_darkened_on_paper_and_kept_on_slate() -> None:
    assert safe_accent("#ffe000", SLATE) == "#ffe000"
    assert contrast(safe_accent("#ffe000", PAPER), PAPER) >= ACCENT


@pytest.mark.parametrize("wrong", ["red", "#fff", "#b4690e;}", "", "#b4690g"])
def test_what_is_no_colour_never_reaches_a_style_sheet(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        brand_css(wrong)


def test_the_style_sheet_of_a_brand_sets_four_shades() -> None:
    names = [line.split(":")[0].strip() for line in brand_css(AMBER).splitlines() if "--" in line]
    assert names == [
        "--accent-on-paper",
        "--accent-on-slate",
        "--strong-on-paper",
        "--strong-on-slate",
    ]


def test_the_default_choice_leaves_everything_to_the_device() -> None:
    assert Choice().compact() == "c0.s100.f0.d0"


@given(CHOICES)
def test_a_choice_comes_back_from_its_cookie(choice: Choice) -> None:
    assert read_choice(choice.compact()) == choice


@given(st.text())
def test_any_other_value_of_the_cookie_is_no_choice(value: str) -> None:
    choice = read_choice(value)
    assert choice is None or choice.compact() == value
