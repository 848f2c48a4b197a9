"""What is kept of an address and a device: enough to recognise, too little to follow."""

import ipaddress

FAMILIES = ("Firefox", "Edg", "Chrome", "Safari", "curl")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")


def shortened(address: str) -> str:
    """Return the network of an address: /24 of IPv4, /48 of IPv6; nothing for another text."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return ""
    prefix = 24 if read.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


def family(agent: str) -> str:
    """Return the browser of a User-Agent, ``Firefox``, without its version."""
    return next((name for name in FAMILIES if name in agent), "").replace("Edg", "Edge")


def system(agent: str) -> str:
    """Return the operating system of a User-Agent, ``Linux``, without its version."""
    return next((name for name in SYSTEMS if name in agent), "")


def device(agent: str) -> str:
    """Return browser and system of a User-Agent, ``Firefox, Linux``, without versions."""
    return ", ".join(part for part in (family(agent), system(agent)) if part)
