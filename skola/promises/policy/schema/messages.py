"""Messages, decisions of the software, minors."""

from msgspec import field

from skola.promises.policy.schema.base import Id, Table, Text


class Communication(Table, frozen=True, kw_only=True):
    """``[communication]``: service messages, which cannot be switched off."""

    channels: list[str]
    service_messages: list[str]


class Marketing(Table, frozen=True, kw_only=True):
    """``[marketing]``: offers, and how they are stopped."""

    channels: list[str]
    opt_out_by: list[str]
    opt_out_promise: str
    """The longest time the source allows itself, or ``"at once"``."""
    opt_out_target: str = "1 minute"
    per_channel_consent: list[str] = []
    partner_offers: str = "none"
    """``none``, ``sent-by-controller`` or ``passed-with-consent``."""
    unsuppressible: list[str] = []
    headers: list[str] = field(
        default_factory=lambda: ["List-Unsubscribe", "List-Unsubscribe-Post"]
    )
    never_to: list[str] = []


class Message(Table, frozen=True, kw_only=True):
    """``[[message]]``: a kind of message that is sent to many, and on which ground."""

    id: Id
    name: Text
    kind: str
    """``service``, ``introduction``, ``information``, ``offer`` or ``survey``."""
    ground: list[str] = []
    """Purposes, any of which is enough; one on consent needs the consent for the channel."""
    segments: list[str] = []
    """Purposes under whose categories receivers may be chosen, beside those of the ground."""
    channels: list[str]
    sender: str = "own"
    """Whose offer it is: ``own`` or ``partner``."""


class Tracker(Table, frozen=True, kw_only=True):
    """``[[tracker]]``: measuring of opening and clicking."""

    what: str
    needs: str
    measures: list[str] = []
    """``opens``, ``clicks``, ``visits``."""
    never_for: list[str] = []
    fields: list[str] = []
    """What is kept of a visit, and nothing else; for ``visits``."""


class Automated(Table, frozen=True, kw_only=True):
    """``[[automated]]``: a decision taken by the software alone."""

    id: Id
    name: Text = {}
    """What it is about, as pages say it."""
    effect: str
    """``legal``, or what it leads to in words."""
    allowed_on: list[str]
    """The grounds on which the software may decide; empty: a person always does."""
    inform: str
    review_deadline: str
    review_by: str
    may_overturn: bool = True
    may_object: bool = True
    consequence: Text = {}


class Minors(Table, frozen=True, kw_only=True):
    """``[minors]``: from which age, with whose consent."""

    age: int | str
    """Years, or ``"law"``."""
    policy: str
    """``refuse``, ``erase``, ``with-guardian`` or ``through-school``."""
    guardian_proof: list[str] = []
    on_unverified: str = ""
    """The retention rule that then applies."""
    report_by: str = ""
    guardians_until: int | None = None
    """The age in years from which guardians see nothing more, unless the person lets them."""
