"""Write the copy of a person's data (GDPR Art. 15), or what they may take along (Art. 20)."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person", metavar="PERSON", help="an id, or an e-mail address")
    parser.add_argument("--tenant", metavar="NAME", help="only at this tenant")
    parser.add_argument("--host", metavar="HOST", help="only at the tenant reached by this name")
    parser.add_argument("--language", metavar="L", help="of the pages; default: the person's own")
    parser.add_argument(
        "--portability", action="store_true", help="only what the person may take along, no pages"
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="a ZIP; - is stdout")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from django.conf import settings

    from skola.ground import clock
    from skola.promises.rights.access import commands

    spoken = [code for code, _name in settings.LANGUAGES]
    if options.language not in (None, *spoken):
        print(f"skola access: the pages speak {', '.join(spoken)}, not {options.language!r}.")
        return 2
    return commands.access(
        who=options.person,
        tenant=options.tenant,
        host=options.host,
        language=options.language,
        portability=options.portability,
        to=options.output,
        now=clock.now(),
    )
