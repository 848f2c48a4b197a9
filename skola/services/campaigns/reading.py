"""Whether a mail asks to be sent no more of something, by its words. No database, no clock."""

import re

_STEMS = (
    r"unsubscribe|opt[ -]?out"
    r"|no (?:more|further) (?:e-?mails?|offers|news|newsletters?|messages|advert\w*|marketing)"
    r"|(?:stop|don'?t|do not|don’t|not to) (?:be )?(?:e-?mail|send|sending|sent|writ)\w*"
    r"|take me off|remove me from"
    r"|(?:not|don'?t|don’t) want (?:any|to (?:get|receive)|your) ?(?:more )?"
    r"(?:offers|news|newsletters?|e-?mails?|messages|advert\w*|marketing)?"
    # Latvian
    r"|nesūt(?:iet|īt)|nevēlos (?:vairs )?saņemt|vairs nevēlos|atsak(?:os|ies|ām) no"
    r"|atteik(?:ties|šan|os)|atrakst(?:īt|īties|iet)"
    # Lithuanian
    r"|(?:nebe|ne)siųsk|nebenoriu|nenoriu (?:daugiau )?gauti|atsisak(?:au|yti|ome)"
    # Estonian
    r"|ärge (?:enam )?saatke|ei soovi (?:enam |rohkem )?(?:saada|teie)|loobun|uudiskirjast loobu"
    # Swedish
    r"|avregistrera|avprenumerera|avsluta prenumeration|sluta skicka|skicka inte|inga fler"
    r"|vill inte (?:längre )?(?:ha|få)"
)
_WAY_OUT = re.compile(_STEMS)


def opts_out(words: str) -> bool:
    """Whether a mail asks to be sent no more (ilearn-34.c, learnifier-9.c)."""
    return _WAY_OUT.search(" ".join(words.lower().split())) is not None
