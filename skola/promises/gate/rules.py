"""Whether a restriction may be lifted: its person has to be told before (GDPR Art. 18(3))."""

FREEZE = "erasure"
"""The ground of a restriction that stands while an erasure is carried out."""
REPORT = "report"
"""The ground of a restriction that stands while staff look whether somebody is a child."""
MAIL = "mail"
"""Told by a mail of ours; it counts when the mail server took it."""


def may_be_lifted(ground: str, told_how: str, *, delivered: bool) -> bool:
    """Whether a restriction on ``ground`` may be lifted, whose person was told ``told_how``.

    A mail has to be ``delivered``. The freeze of an erasure, and the hiding of a reported child, no
    person obtained for themselves, so nobody has to be told of their end.
    """
    if ground in (FREEZE, REPORT):
        return True
    return delivered if told_how == MAIL else bool(told_how)
