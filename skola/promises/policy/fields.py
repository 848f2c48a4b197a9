"""What may stand in a key beyond its type: which words, which ids, which terms.

``RULES`` has one entry for each key whose text means something to the software. A key that is not
here takes any text.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from skola.promises.policy import vocabulary as v
from skola.promises.policy.periods import Word


@dataclass(frozen=True)
class Words:
    """One of the words of a list; ``what`` names the kind of word."""

    what: str
    words: Mapping[str, str]
    optional: bool = False
    code: str = ""


@dataclass(frozen=True)
class Term:
    """A period, or one of some words."""

    words: frozenset[Word] = frozenset()
    optional: bool = False


@dataclass(frozen=True)
class Ref:
    """The id of a table of this policy, or one of some fixed words."""

    table: str
    optional: bool = False
    or_words: Mapping[str, str] | None = None
    separator: str = ""


@dataclass(frozen=True)
class State:
    """A state of the vocabulary; ``consent:PURPOSE`` names a purpose of this policy."""

    or_word: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Zone:
    """An IANA time zone."""


@dataclass(frozen=True)
class Day:
    """A calendar day, ``2018-05-03``."""


Rule = Words | Term | Ref | State | Zone | Day


def _listed(*words: str) -> dict[str, str]:
    return dict.fromkeys(words, "")


ANY_PURPOSE = "any purpose alive"

_EVENT = Words("event", v.EVENTS, code="P002")
_OPTIONAL_EVENT = Words("event", v.EVENTS, optional=True, code="P002")
_CONDITION = Words("condition", v.CONDITIONS, code="P002")
_CAPABILITY = Words("capability", v.CAPABILITIES, code="P002")
_ACTION = Words("action", v.ACTIONS)
_CLASS = Words("class", v.CLASSES)
_CATEGORY = Ref("category")
_ROUTES = _listed("site", "account")
_SERVICE_CHANNELS = _listed("email", "push", "sms", "account", "post", "phone")
_LAW = frozenset({Word.LAW})
_AT_ONCE = frozenset({Word.AT_ONCE})

RULES: Mapping[tuple[str, str], Rule] = {
    ("Policy", "schema"): Words("schema", _listed("skola.policy/1")),
    ("Head", "languages"): Words("language", v.LANGUAGES),
    ("Head", "authentic"): Words("language", v.LANGUAGES),
    ("Head", "timezone"): Zone(),
    ("Head", "calendar"): Words("calendar", v.CALENDARS),
    ("Head", "law"): Words("law", v.LAWS),
    ("LogEntry", "on"): Day(),
    ("Change", "notice"): Term(frozenset({Word.FROM_PUBLICATION})),
    ("Change", "publish_in"): Words("place", _ROUTES),
    ("Change", "also_notify"): Words("channel", _listed("email")),
    ("Change", "on_shorten"): Words("choice", _listed("all-data", "collected-after")),
    ("Change", "on_lengthen"): Words("choice", _listed("collected-after", "all-data")),
    ("Service", "capabilities"): _CAPABILITY,
    ("Controller", "roles"): Words("role", _listed("controller", "processor")),
    ("Contact", "kind"): Words("kind", v.CONTACT_KINDS),
    ("Authority", "for"): Words("use", _listed("complaint", "breach-notice")),
    ("Subject", "anchors"): _EVENT,
    ("Subject", "told_by"): State(),
    ("Category", "id"): Words("category", v.CATEGORIES, code="P002"),
    ("Category", "storage"): Words("storage", _listed("row", "object")),
    ("Category", "subjects"): Ref("subject"),
    ("Basis", "kind"): Words("basis", v.BASES),
    ("Output", "form"): Words("form", _listed("aggregate", "personal")),
    ("Output", "counts"): _CATEGORY,
    ("Purpose", "categories"): _CATEGORY,
    ("Purpose", "alive_while"): State(),
    ("Purpose", "enables"): _CAPABILITY,
    ("Purpose", "subjects"): Ref("subject"),
    ("Purpose", "class"): Words("class", v.CLASSES, optional=True),
    ("Heading", "purposes"): Ref("purpose"),
    ("Heading", "categories"): _CATEGORY,
    ("Heading", "enables"): _CAPABILITY,
    ("FormField", "where"): Words("form", v.FORMS_ASKED),
    ("FormField", "purpose"): Ref("purpose"),
    ("Purpose", "cookies"): Words("class", v.COOKIE_CLASSES, optional=True),
    ("PurposeLock", "categories"): _CATEGORY,
    ("CategoryGroup", "categories"): _CATEGORY,
    ("PurposeLock", "only"): Ref("purpose"),
    ("ConsentRule", "purpose"): Ref("purpose"),
    ("ConsentRule", "valid_for"): Term(),
    ("ConsentRule", "for_each"): Words(
        "limit", _listed("recipient", "text", "answer", "selection", "offer"), optional=True
    ),
    ("Latest", "latest"): _EVENT,
    ("Floor", "period"): Term(_LAW, optional=True),
    ("Floor", "after"): _OPTIONAL_EVENT,
    ("Floor", "while"): State(optional=True),
    ("Floor", "class"): _CLASS,
    ("Ceiling", "period"): Term(),
    ("Ceiling", "after"): _EVENT,
    ("Ceiling", "action"): _ACTION,
    ("Ceiling", "yields_to"): _CLASS,
    ("Then", "action"): _ACTION,
    ("Then", "within"): Term(_AT_ONCE),
    ("Backstop", "period"): Term(),
    ("Backstop", "after"): _EVENT,
    ("Backstop", "action"): Words("action", v.BACKSTOP_ACTIONS),
    ("Except", "linked_to"): _CONDITION,
    ("Except", "use"): Ref("retention"),
    ("Retention", "categories"): _CATEGORY,
    ("Retention", "keep_while"): State(or_word=ANY_PURPOSE, optional=True),
    ("Retention", "only_if"): Words("condition", v.CONDITIONS, optional=True, code="P002"),
    ("Retention", "warn"): Term(),
    ("Right", "kinds"): Words("right", v.RIGHTS),
    ("Right", "deadline"): Term(_AT_ONCE | _LAW),
    ("Right", "extendable"): Term(_LAW, optional=True),
    ("Recipient", "role"): Words("role", v.ROLES),
    ("Recipient", "categories"): _CATEGORY,
    ("Recipient", "form"): Words("form", v.FORMS),
    ("Recipient", "purposes"): Ref("purpose"),
    ("Recipient", "papers"): Words("paper", v.PAPERS),
    ("Recipient", "task"): Words("task", v.TASKS, optional=True),
    ("Recipient", "needs"): Words("need", v.PASSING_NEEDS),
    ("Recipient", "named_papers"): Words("paper", v.PAPERS),
    ("Processor", "categories"): _CATEGORY,
    ("Processor", "form"): Words("form", _listed("personal", "pseudonymous")),
    ("Processor", "purposes"): Ref("purpose"),
    ("Processor", "papers"): Words("paper", v.PAPERS),
    ("Processor", "task"): Words("task", v.TASKS, optional=True),
    ("Processor", "needs"): Words("need", v.PASSING_NEEDS),
    ("Processor", "sends"): Words("word", v.SENDS),
    ("Processor", "safeguard"): Words("safeguard", v.SAFEGUARDS, optional=True, code="P006"),
    ("PassingOn", "region"): Words("region", _listed("anywhere", "EEA")),
    ("PassingOn", "accept_within"): Term(optional=True),
    ("PassingOn", "confirm_within"): Term(),
    ("Processor", "needs_consent"): Ref(
        "purpose", optional=True, or_words=v.COOKIE_CLASSES, separator="|"
    ),
    ("ProcessorList", "change_notice"): Term(_AT_ONCE, optional=True),
    ("ProcessorList", "update_within"): Term(_AT_ONCE, optional=True),
    ("Transfer", "safeguard"): Words("safeguard", v.SAFEGUARDS, code="P006"),
    ("BusinessTransfer", "announce"): Words("moment", _listed("before")),
    ("BusinessTransfer", "object_window"): Term(),
    ("Dataset", "role"): Words("role", _listed("controller", "processor")),
    ("Dataset", "categories"): _CATEGORY,
    ("Dataset", "acknowledge"): Term(_AT_ONCE, optional=True),
    ("Communication", "channels"): Words("channel", _SERVICE_CHANNELS),
    ("Marketing", "channels"): Words("channel", v.MESSAGE_CHANNELS),
    ("Marketing", "per_channel_consent"): Words("channel", v.MESSAGE_CHANNELS),
    ("Marketing", "opt_out_promise"): Term(_AT_ONCE),
    ("Marketing", "opt_out_target"): Term(_AT_ONCE),
    ("Marketing", "partner_offers"): Words(
        "choice", _listed("none", "sent-by-controller", "passed-with-consent")
    ),
    ("Message", "kind"): Words("kind", v.MESSAGE_KINDS),
    ("Message", "ground"): Ref("purpose"),
    ("Message", "segments"): Ref("purpose"),
    ("Message", "channels"): Words("channel", v.MESSAGE_CHANNELS),
    ("Message", "sender"): Words("sender", _listed("own", "partner")),
    ("Tracker", "measures"): Words("measure", _listed("opens", "clicks", "visits")),
    ("Tracker", "fields"): Words("field", v.VISIT_FIELDS),
    ("Subject", "roles"): Words("role", v.KNOWN_BY),
    ("Automated", "review_deadline"): Term(_LAW | _AT_ONCE),
    ("Minors", "policy"): Words(
        "choice", _listed("refuse", "erase", "with-guardian", "through-school")
    ),
    ("Minors", "on_unverified"): Ref("retention", optional=True),
    ("CookieRules", "default"): Words("default", _listed("refuse", "accept")),
    ("CookieRules", "classes"): Words("class", v.COOKIE_CLASSES),
    ("Cookie", "class"): Words("class", v.COOKIE_CLASSES),
    ("Cookie", "party"): Words("party", _listed("first", "third")),
    ("Cookie", "lifetime"): Term(frozenset({Word.SESSION})),
    ("Cookie", "kind"): Words("kind", v.COOKIE_KINDS),
    ("Cookie", "processor"): Ref("processor", optional=True),
    ("Cookie", "role"): Words("role", v.COOKIE_ROLES, optional=True),
    ("AccuracyReview", "ask_subject"): Term(),
    ("AccuracyReview", "ask_staff"): Term(optional=True),
    ("DataQuality", "every"): Term(),
    ("DataQuality", "outdated"): Term(optional=True),
    ("DataQuality", "undo_merge"): Term(),
    ("DataQuality", "purpose"): Ref("purpose", optional=True),
    ("Origins", "kinds"): Words("way", v.ORIGINS),
    ("Origins", "inform_within"): Term(optional=True),
    ("Dunning", "reminders"): Term(),
    ("Dunning", "hand_over"): Term(),
    ("Staff", "roles"): Words("role", v.STAFF_ROLES),
    ("Staff", "review"): Term(),
    ("Staff", "training_valid"): Term(optional=True),
    ("Staff", "training_grace"): Term(optional=True),
    ("Undertaking", "roles"): Words("role", v.STAFF_ROLES),
    ("Paragraph", "section"): Ref("section"),
    ("Paragraph", "show"): Words("table", v.TABLES_SHOWN),
}
