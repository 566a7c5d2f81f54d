"""Which addresses may be spoken to: public ones only, so that no board can send the crawler into a private network."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# IPv4 addresses in old clothes, "::10.0.0.1" and "::ffff:0:10.0.0.1", which `ipaddress` takes for global.
_NEVER_PUBLIC = (ipaddress.IPv6Network("::/96"), ipaddress.IPv6Network("::ffff:0:0:0/96"))


class PrivateAddressError(IgnoreRequest):
    """A URL or a name leads to an address that is not public."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local, multicast or reserved."""
    try:
        ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.is_site_local or any(ip in network for network in _NEVER_PUBLIC):
            return False
        # A public-looking IPv6 address may carry a private IPv4 one.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not ip.is_multicast


def check_url(url: str, *, allow_private: bool) -> None:
    """Refuse what is no http(s) URL, and hosts written as a private address in any notation.

    Raises:
        PrivateAddressError: the URL must not be asked for.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in {"http", "https"} or not host:
        raise PrivateAddressError(f"{url[:100]} is no http(s) address")
    if allow_private:
        return
    # "2130706433" and "0x7f.1" are addresses for a resolver though no library calls them so.
    odd = all(part.isdigit() or part.startswith("0x") for part in host.split("."))
    literal = ":" in host or odd
    local = host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))
    if local or ("." not in host and ":" not in host) or (literal and not is_public(host)):
        raise PrivateAddressError(f"{host} is not a public address")


class PublicResolver(CachingThreadedResolver):
    """Resolves names, and refuses those that lead to addresses that are not public.

    The check sits where the address that is connected to comes from: a name that changes its mind between a check
    and the connection gains nothing.
    """

    allow_private = False
    trusted: frozenset[str] = frozenset()
    refused: ClassVar[dict[str, str]] = {}
    """Why names were refused: Twisted keeps the failure but not its words."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> PublicResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("SKILLDEMAND_ALLOW_PRIVATE")
        # The user's own proxy may well stand in a private network; behind one, names are resolved by it and not here.
        proxies = getproxies().values()
        resolver.trusted = frozenset(urlsplit(proxy).hostname or "" for proxy in proxies)
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """The name's IPv4 address, or a failure that is noted in `refused`."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._checked, name)

    def _checked(self, address: Any, name: str) -> Any:
        if not self.allow_private and name not in self.trusted and not is_public(str(address)):
            self.refused[name] = f"{name} leads to {address}, which is not a public address"
            raise DNSLookupError(self.refused[name])
        return address
