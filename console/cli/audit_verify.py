"""``audit verify``: whether the chains of the audit hold, and how to go on with a database that was restored."""

from __future__ import annotations

import click

from console.cli.base import Cli, command
from console.domain.audit_chain import Finding, Wrong
from console.errors import RuleRefused
from console.services import audit_verify
from console.services.audit_verify import Verdict
from console.storage.uow import unit_of_work

ACCEPT = click.Option(
    ["--accept"], default="", metavar="TEXT", help="Go on with a database that was restored on purpose, and say why."
)
WORDS: dict[Wrong, str] = {
    "edited": "was changed after it was written",
    "missing": "is gone",
    "moved": "is not where it was written",
    "unsealed": "was not written by this console",
    "old_key": "was sealed with a key that was replaced before",
    "head": "the head of the chain does not fit its last entry",
    "behind": "is gone, together with the head of the chain; the anchor has it",
    "replaced": "is another one than the anchor has",
}


@command("verify", ACCEPT, platform=False)
def verify(cli: Cli, *, accept: str) -> int:
    """Look for entries that were changed, deleted, moved or cut off; exit 1 when there are any."""
    verdict = audit_verify.verify(cli.read(), cli.rt)
    if accept:
        verdict = _accepted(cli, verdict, note=accept)
    with unit_of_work() as uow:
        audit_verify.remember(uow, verdict, by=cli.actor.name, now=cli.now)
    if cli.talk.json:
        cli.talk.document(_document(verdict))
    else:
        _tell(cli, verdict)
    return 1 if verdict.findings else 0


def _accepted(cli: Cli, verdict: Verdict, *, note: str) -> Verdict:
    """The verdict after the database was taken on as it is.

    Raises:
        RuleRefused: Something is wrong that no restored backup explains, or nothing is.
    """
    if not verdict.is_restored:
        hint = "Look at what `audit verify` names." if verdict.findings else "There is nothing to accept."
        raise RuleRefused("This is not how a restored backup looks.", code="audit_broken", hint=hint)
    with unit_of_work() as uow:
        audit_verify.accept(uow, cli.rt, verdict, actor=cli.actor, note=note, now=cli.now)
    return audit_verify.verify(cli.read(), cli.rt)


def _document(verdict: Verdict) -> dict[str, object]:
    return {
        "schema": 1,
        "holds": not verdict.findings,
        "entries": verdict.entries,
        "chains": [
            {"platform": head.platform or None, "place": str(head.place), "seal": head.seal}
            for head in verdict.heads.values()
        ],
        "anchored": verdict.anchored,
        "findings": [
            {
                "id": None if each.entry is None else str(each.entry),
                "platform": each.platform or None,
                "place": str(each.place),
                "until": str(each.until),
                "wrong": each.wrong,
                "message": WORDS[each.wrong],
            }
            for each in verdict.findings
        ],
    }


def _tell(cli: Cli, verdict: Verdict) -> None:
    if not verdict.findings:
        chains = len(verdict.heads)
        cli.talk.done(f"The audit holds: {verdict.entries} entries in {chains} chains, {verdict.anchored} anchored.")
        return
    cli.talk.table(("id", "platform", "place", "what is wrong"), (_row(each) for each in verdict.findings))
    if verdict.is_restored:
        cli.talk.say(
            "The database is older than its anchor. If it was restored on purpose: `audit verify --accept WHY`."
        )


def _row(found: Finding) -> tuple[object, ...]:
    places = str(found.place) if found.until == found.place else f"{found.place}–{found.until}"
    return (found.entry, found.platform or None, places, WORDS[found.wrong])
