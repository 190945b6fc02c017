"""DEP00x: what stands between the console and people's browsers."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from console.checks.doctor.patient import Check, Patient
from console.domain.diagnosis import Answer, error, fine, note, warning


def _plain_http(it: Patient) -> Answer:
    if it.settings.insecure_http:
        return error(
            "CONSOLE_INSECURE_HTTP is on: logins go over the network in the clear.",
            "Put a proxy with TLS in front, and unset it.",
        )
    return fine("Logins need HTTPS.")


def _address(it: Patient) -> Answer:
    address = it.settings.base_url
    if not address:
        return warning("CONSOLE_BASE_URL is not set: set-up links name this machine.", "Set it to https://…")
    if urlsplit(address).scheme != "https":
        return error(f"People come by {address}, without HTTPS.", "Put a proxy with TLS in front, and say https://…")
    return fine(f"People come by {address}.")


def _hosts(it: Patient) -> Answer:
    trusted, own = it.settings.trusted_hosts, urlsplit(it.settings.base_url).hostname
    if not trusted:
        return error(
            "CONSOLE_TRUSTED_HOSTS is empty: any host that a request names is believed.",
            f"Set it to {own or 'the names by which people come'}.",
        )
    if own and not any(_fits(own, each) for each in trusted):
        return error(
            f"CONSOLE_TRUSTED_HOSTS lacks {own}: whoever comes by CONSOLE_BASE_URL gets 400.",
            f"Add {own} to it.",
        )
    return fine(f"Only these hosts are answered: {', '.join(trusted)}.")


def _fits(host: str, trusted: str) -> bool:
    """Whether Werkzeug takes ``host`` for ``trusted``, whose leading dot stands for every name below."""
    name = trusted.rpartition(":")[0] if trusted.rpartition(":")[2].isdigit() else trusted
    return host == name.lstrip(".") or (name.startswith(".") and host.endswith(name))


def _proxy(it: Patient) -> Answer:
    hops = it.settings.proxy_hops
    if hops and _is_reached_by_all(it.settings.host):
        return warning(
            f"{hops} proxies are believed, and {it.settings.host} can be reached past them: addresses can be made up.",
            "Listen where only the proxy is (CONSOLE_HOST), or let a firewall see to it.",
        )
    if not hops and urlsplit(it.settings.base_url).scheme == "https":
        return warning(
            "TLS needs a proxy, but CONSOLE_PROXY_HOPS is 0: everybody seems to come from its address.",
            "Set it to the number of proxies; wrong logins are counted by address.",
        )
    return fine(f"{hops} proxies are believed." if hops else "There is no proxy.")


def _listening(it: Patient) -> Answer:
    host = it.settings.host
    if _is_reached_by_all(host) and not it.settings.proxy_hops:
        return warning(f"{host} listens to every network, without TLS.", "Listen on 127.0.0.1, with a proxy in front.")
    if _is_reached_by_all(host):
        return note(f"{host} listens to every network; see DEP004.")
    return fine(f"It listens on {host}.")


def _is_reached_by_all(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return not host


CHECKS = (
    Check("DEP001", "HTTP without TLS", _plain_http),
    Check("DEP002", "the address", _address),
    Check("DEP003", "hosts", _hosts),
    Check("DEP004", "proxies", _proxy),
    Check("DEP005", "listening", _listening),
)
