"""Every ``data-testid`` that a template can write, as a pattern, and what each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).parents[3]
WRITTEN = re.compile(r'data-testid="([^"]+)"')
# Macros write the test ids that their callers name.
GIVEN = re.compile(r'(?:call confirm\(|{{ act\([^,]+, )"([^"]+)"( ~ )?')
EXPRESSION = re.compile(r"{{.*?}}")


def written() -> frozenset[str]:
    """The patterns of all templates: a test id with a star for each expression in it."""
    folders = (ROOT / "templates", *(ROOT / "modules").glob("*/templates"))
    texts = (path.read_text() for folder in folders for path in folder.rglob("*.html") if "styleguide" not in str(path))
    return patterns(texts)


def patterns(templates: Iterable[str]) -> frozenset[str]:
    """The patterns in the source of templates."""
    found = set()
    for text in templates:
        found |= {EXPRESSION.sub("*", name) for name in WRITTEN.findall(text)}
        found |= {name + ("*" if more else "") for name, more in GIVEN.findall(text)}
    return frozenset(found - {"*"})


def pattern_of(testid: str, known: Iterable[str]) -> str:
    """The narrowest of the patterns that ``testid`` fits; itself when it fits none."""
    fitting = (each for each in known if fnmatchcase(testid, each))
    return max(fitting, key=lambda each: (each == testid, len(each.replace("*", ""))), default=testid)


def left_over(known: Iterable[str], used: Iterable[str], *, scripts: bool = True) -> list[str]:
    """The patterns that nobody used, but those that cannot be used or that another test uses."""
    return sorted(set(known) - set(used) - DISPLAYS - ELSEWHERE.keys() - (SCRIPTED if not scripts else set()))


# What is only looked at: rows, sections, messages, and forms whose buttons and fields have names of their own.
LOOKED_AT = """
activity activity-* adds answered-* app-key app-picture asked attention branch-* card-* catalog-* chain-broken
chain-holds change-* config-changes config-conflict config-form-* config-restore config-troubles conflict-* counters
declined factor-app factor-codes factor-needed factor-passkeys factors facts feature-* figures-* fresh gateway-*
given-up-* given-up-note graph graph-row-* graph-table group-* happenings health-* health-row-* item-* keyboard
latest-operations limit-* log-* lost media-* method-* migrations-wait module-menu module-operation-* module-row-*
needs-* new-login new-password new-secret new-token no-runner order-* page-* password person-* plan plan-changes
plan-impact plan-step-* platform-* preview proof purge-block purge-counts purge-form recent-* recovery-codes
registry-* relations request-* revision-* revisions role-* running seo sessions step-* subscription-* tables theme-*
tier tier-* tier-plan toast token-* told-* unprotected user-* vendor-* vendor-login-* vendor-logins vendors why
wish-* won
"""
DISPLAYS = frozenset(LOOKED_AT.split())
# What stands on no page of the sweep, and the test of tests/browser that uses it.
ELSEWHERE: Mapping[str, str] = {
    "config-merge": "test_configuration.py",
    **dict.fromkeys(("passkey-add", "passkey-create", "passkey-submit"), "test_people.py"),
    **dict.fromkeys(("proof-passkey", "proof-submit"), "test_people.py"),
    "toast-undo": "test_module_list.py",
}
# What exists only in a dialog that a script opens.
SCRIPTED = frozenset({"search-field"})
