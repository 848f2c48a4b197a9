from skola.promises.decisions.rules import Because, left_to_a_person

GROUNDS = ("contract", "consent-explicit")


def test_what_has_legal_effect_needs_a_ground_and_an_objection_stops_everything() -> None:
    def asked(ground: str, *, effect: str = "legal", is_stopped: bool = False) -> Because | None:
        return left_to_a_person(
            effect=effect, allowed_on=GROUNDS, ground=ground, is_stopped=is_stopped
        )

    assert asked("contract") is None
    assert asked("") == Because.NO_GROUND
    assert asked("law") == Because.NO_GROUND
    assert asked("", effect="the order of a list") is None
    assert asked("contract", is_stopped=True) == Because.OBJECTION
    assert asked("", effect="the order of a list", is_stopped=True) == Because.OBJECTION
