"""Says a phrase in the language of the request; everything else is data and is shown as it is.

Templates need not ask: whatever one of them writes goes through ``told``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar, cast

from flask import Flask, current_app
from jinja2.filters import do_join, make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context

from console.domain.reasons import Reason
from console.phrases import Phrase
from console.texts import reason_words
from console.web.i18n import TEXTS, Texts
from console.web.numbers import format_number

T = TypeVar("T")


def told(value: T) -> T:
    """``value`` in the language of the request when it is a phrase, else ``value`` itself."""
    if isinstance(value, Phrase):
        return cast("T", _told(value))
    return cast("T", reason_words(value)) if isinstance(value, Reason) else value


def _told(phrase: Phrase) -> str:
    texts = cast("Texts", current_app.extensions[TEXTS])
    if phrase.module is not None:
        return texts.own(phrase.module, phrase.template) or str(phrase)
    facts = {name: told(fact) for name, fact in phrase.facts.items()}
    if phrase.many is not None:
        number = _number(facts)
        return texts.plural(None, phrase.template, phrase.many, number) % {**facts, "num": format_number(number)}
    template = texts.text(None, phrase.template)
    return template % facts if facts else template


def _number(facts: Mapping[str, object]) -> int:
    number = facts["num"]
    return number if isinstance(number, int) else 0


def install(app: Flask) -> None:
    """Let every expression that a template of ``app`` writes be told."""
    app.jinja_env.finalize = told
    app.jinja_env.filters["join"] = _join


@pass_eval_context
def _join(context: EvalContext, values: Iterable[object], between: str = "", attribute: str | None = None) -> str:
    """Jinja's ``join``, of what the values are told as."""
    if attribute is not None:
        values = map(make_attrgetter(context.environment, attribute), values)
    joined: str = do_join(context, [told(value) for value in values], between)
    return joined
