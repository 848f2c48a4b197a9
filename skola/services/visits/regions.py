"""From which country a network is, looked up on this machine in a table of the operator's.

The table is a CSV with first address, last address, country code in each line, sorted, as DB-IP
and others publish it. Without one nobody's region is known, and none is kept.
"""

import csv
import ipaddress
from bisect import bisect_right
from functools import cache
from pathlib import Path

from django.conf import settings

Table = tuple[list[tuple[int, int]], list[tuple[int, str]]]


def region_of(network: str) -> str:
    """Return the country code of a network that ``network.shortened`` made; empty if unknown."""
    if not settings.REGIONS or not network:
        return ""
    first = ipaddress.ip_network(network).network_address
    starts, ends = _table(settings.REGIONS)
    at = bisect_right(starts, (first.version, int(first))) - 1
    if at < 0 or starts[at][0] != first.version or int(first) > ends[at][0]:
        return ""
    return ends[at][1]


@cache
def _table(path: str) -> Table:
    starts: list[tuple[int, int]] = []
    ends: list[tuple[int, str]] = []
    with Path(path).open(encoding="utf-8", newline="") as lines:
        for first, last, country, *_ in csv.reader(lines):
            start = ipaddress.ip_address(first)
            starts.append((start.version, int(start)))
            ends.append((int(ipaddress.ip_address(last)), country[:2]))
    return starts, ends
