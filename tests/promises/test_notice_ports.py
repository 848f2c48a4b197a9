"""A default installation, looked at from outside: which doors are open."""

from pathlib import Path

from tests.journeys.running import Demo
from tests.promises.keeping import keeps

LISTENING = "0A"


def family(process: int) -> set[int]:
    """A process with all that it started."""
    found = {process}
    while True:
        more = set(found)
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = status.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[1]) in found:
                more.add(int(status.parent.name))
        if more == found:
            return found
        found = more


def sockets(processes: set[int]) -> set[str]:
    found = set()
    for process in processes:
        try:
            links = list(Path(f"/proc/{process}/fd").iterdir())
        except OSError:
            continue
        for link in links:
            try:
                target = str(link.readlink())
            except OSError:
                continue
            if target.startswith("socket:["):
                found.add(target[8:-1])
    return found


def open_ports(processes: set[int]) -> set[int]:
    """The TCP ports on which these processes answer, whatever the address."""
    own = sockets(processes)
    ports = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[9] in own:
                ports.add(int(fields[1].rpartition(":")[2], 16))
    return ports


def database(data: Path) -> set[int]:
    """The processes of the embedded database of an installation."""
    found = set()
    for pid in data.rglob("postmaster.pid"):
        found |= family(int(pid.read_text().split()[0]))
    return found


@keeps("kic-security-firewall")
def test_only_the_web_port_of_a_default_installation_answers(demo: Demo) -> None:
    processes = family(demo.process.pid) | database(demo.data)
    assert len(processes) > 3
    assert open_ports(processes) == {demo.port}
