"""Who asks, where proxies stand between: their headers count only when a listed proxy sent them.

Anybody can write X-Forwarded-For. What counts is the socket's peer; where that is a proxy of
DASHBOARD_PROXIES, the last address of the header that is none of them is who asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from flask import Request

from dashboard.settings import Network


def find_client_address(request: Request, proxies: Sequence[Network]) -> str:
    """The address of who asks, as far as it can be trusted."""
    address = request.remote_addr or ""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    while forwarded and is_proxy(address, proxies):
        address = forwarded.pop() or address
    return address


def is_secure(request: Request, proxies: Sequence[Network]) -> bool:
    """Whether the browser came by TLS; a proxy's word for it counts if it is a listed one."""
    if request.is_secure:
        return True
    forwarded = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip()
    return forwarded == "https" and is_proxy(request.remote_addr or "", proxies)


def is_proxy(address: str, proxies: Sequence[Network]) -> bool:
    """Whether this address is one of the listed proxies."""
    try:
        return any(ip_address(address) in network for network in proxies)
    except ValueError:
        return False


def is_loopback(address: str) -> bool:
    """Whether the address is this machine itself."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
