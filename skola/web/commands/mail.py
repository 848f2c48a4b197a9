"""Take in mail that came for the addresses of the policies: one message, or by SMTP."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "to", nargs="*", metavar="ADDRESS", help="whom the message on standard input is for"
    )
    parser.add_argument(
        "--listen",
        metavar="HOST:PORT",
        help="take messages from the mail server by SMTP, until stopped",
    )


def run(options: argparse.Namespace) -> int:
    if bool(options.listen) == bool(options.to):
        print("skola mail: name addresses, or --listen HOST:PORT.", file=sys.stderr)
        return 2
    from skola.web.commands.installation import open_up

    open_up(options.data)
    return _listen(options.listen) if options.listen else _take(options.to)


def _take(addresses: list[str]) -> int:
    """One message: 0 taken, 67 where an address is nobody's, as a mail server expects."""
    from skola.ground import clock
    from skola.promises.intake.api import LARGEST, deliver

    raw = sys.stdin.buffer.read(LARGEST + 1)
    if len(raw) > LARGEST:
        print("skola mail: the message is larger than 25 MB.", file=sys.stderr)
        return 65
    fates = deliver(raw, addresses, now=clock.now())
    for address, fate in fates.items():
        print(f"{address}: {fate or 'nobody has this address here'}")
    return 0 if all(fates.values()) else 67


def _listen(where: str) -> int:
    import asyncio

    from skola.promises.intake.api import serving

    host, _colon, port = where.rpartition(":")
    if not host or not port.isdigit():
        print("skola mail: write HOST:PORT, such as 127.0.0.1:8025.", file=sys.stderr)
        return 2

    async def forever() -> None:
        async with serving(host, int(port)) as at:
            print(f"Taking mail on {host}:{at}. Stop it with Ctrl+C.", flush=True)
            await asyncio.Event().wait()

    asyncio.run(forever())
    return 0
