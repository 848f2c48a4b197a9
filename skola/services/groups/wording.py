"""Texts of mails and contracts, in the language of whom they are for."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from skola.ground.ui import formats
from skola.services.groups.models import Cooperation, Run
from skola.services.groups.rules import Learner, Standing, Unfit, unfit

if TYPE_CHECKING:
    from skola.services.groups.companies import CompanyFacts


def contract_text(run: Run) -> str:
    """Return the text of a training contract, fixed when it is offered."""
    programme = run.programme
    told = {
        "title": programme.title,
        "code": run.code,
        "hours": programme.hours,
        "first": formats.day(run.starts_on),
        "last": formats.day(run.ends_on),
        "place": run.place,
        "price": formats.money(programme.price_cents),
    }
    about = _(
        "Training: %(title)s, %(hours)s hours, group %(code)s.\n"
        "From %(first)s to %(last)s, %(place)s.\n"
        "Price: %(price)s."
    )
    return f"{about % told}\n\n{programme.terms}"


def company_contract(run: Run, facts: "CompanyFacts", learners: Sequence[Learner]) -> str:
    """Return the text of a training contract with a company, fixed when it is offered."""
    told = {
        "company": facts.company,
        "address": facts.address,
        "name": f"{facts.given_name} {facts.family_name}",
        "count": len(learners),
        "price": formats.money(facts.price_cents),
    }
    about = _(
        "Client: %(company)s, %(address)s, for whom %(name)s signs.\n"
        "%(count)s seats, %(price)s each without tax:"
    )
    names = "\n".join(f"- {one.given_name} {one.family_name}" for one in learners)
    return f"{contract_text(run)}\n\n{about % told}\n\n{names}"


def standing_words(run: Run, today: date) -> tuple[str, str, str, Standing]:
    """Return the shape of a run's state, its word, a detail, and the state itself."""
    found = run.standing(today)
    until = _("apply until %(day)s") % {"day": formats.short_day(run.apply_until)}
    kind, word, detail = {
        Standing.DRAFT: ("waiting", _("draft"), ""),
        Standing.OPEN: ("ok", _("open"), until),
        Standing.FULL: ("waiting", _("full, waiting list"), until),
        Standing.CLOSED: ("neutral", _("applications closed"), ""),
        Standing.RUNNING: ("ok", _("under way"), ""),
        Standing.OVER: ("neutral", _("over"), ""),
        Standing.CANCELLED: ("broken", _("cancelled"), ""),
    }[found]
    return kind, word, detail, found


def mail_for(what: str, run: Run) -> tuple[str, str]:
    """Return subject and text of a mail about an application; the link follows the text."""
    told = {"title": run.programme.title, "code": run.code, "day": formats.day(run.starts_on)}
    subject, text = {
        "received": (
            _("We have your application: %(title)s"),
            _("Here you see where it stands, and can withdraw it:"),
        ),
        "waiting": (
            _("You are on the waiting list: %(title)s"),
            _("All seats are taken. When one is free, we write to you. Where it stands:"),
        ),
        "admitted": (
            _("You have a seat: %(title)s"),
            _("The group begins on %(day)s. Here you find its days and the contract:"),
        ),
        "refused": (
            _("Your application for %(title)s"),
            _("We cannot give you a seat in this group. What we keep of it, and how long:"),
        ),
        "cancelled": (
            _("Group %(code)s is cancelled: %(title)s"),
            _("It does not take place. What we keep of your application, and how long:"),
        ),
        "issued": (
            _("Your document is issued: %(title)s"),
            _("Here you find it, with its number and the page on which others can check it:"),
        ),
        "booked": (
            _("Contract about %(title)s"),
            _("Your company has seats in the group. Here you find the contract, to conclude it:"),
        ),
        "named": (
            _("You have a seat: %(title)s"),
            _(
                "Your company has given us your name and address for it. What we hold of you, how"
                " long, and the days of the group:"
            ),
        ),
        "moved": (
            _("Other days for %(title)s"),
            _("The days of your group have changed. The days as they are now:"),
        ),
    }[what]
    return subject % told, text % told


def unfit_words(why: Unfit) -> str:
    """Say why a trainer is not let in, and what now."""
    return {
        Unfit.NONE: "",
        Unfit.NO_CONTRACT: _(
            "No cooperation contract runs with this person. Record the contract first."
        ),
        Unfit.NOT_EVALUATED: _("This partner is not evaluated yet. Evaluate them first."),
        Unfit.EVALUATED_UNFIT: _("This partner was evaluated, and is not fit to work with us."),
        Unfit.EVALUATION_OLD: _("The evaluation of this partner is too old. Evaluate them again."),
    }[why]


def partner_words(partner: Cooperation, today: date) -> tuple[str, str, str]:
    """Return the shape of a contract's state, its word, and a detail."""
    if partner.ended_at is not None or partner.ends_on < today:
        return "neutral", _("ended"), ""
    why = unfit(verdict=partner.verdict, evaluate_again_on=partner.evaluate_again_on, today=today)
    if why is Unfit.NONE:
        again = _("evaluate again on %(day)s")
        return "ok", _("evaluated"), again % {"day": formats.short_day(partner.evaluate_again_on)}
    return {
        Unfit.NOT_EVALUATED: ("waiting", _("not evaluated"), ""),
        Unfit.EVALUATED_UNFIT: ("broken", _("not fit"), ""),
        Unfit.EVALUATION_OLD: ("waiting", _("to be evaluated again"), ""),
    }[why]
