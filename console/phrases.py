"""Sentences that know how to be said again: English text here, any language where a page shows them.

A ``Phrase`` is a ``str``, so the command line, the API, logs and tables take it as the English sentence that it is. It
also keeps what it was made from, a template and its facts, and the web layer says it in the language of the person.
Nothing here knows a language: rules and services stay pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

_NO_FACTS: Mapping[str, object] = MappingProxyType({})


class Phrase(str):
    """An English sentence with what it was made from.

    Args:
        template: The text to look up, with ``%(name)s`` for facts.
        many: The template for other numbers than one, when the phrase counts; the number is the fact ``num``.
        facts: What is filled in; a fact may be a phrase itself.
        module: Code of the module in whose texts ``template`` is a key, None for the console's own texts.
    """

    __slots__ = ("facts", "many", "module", "template")

    template: str
    many: str | None
    facts: Mapping[str, object]
    module: str | None

    def __new__(
        cls,
        text: str,
        template: str,
        facts: Mapping[str, object] = _NO_FACTS,
        *,
        many: str | None = None,
        module: str | None = None,
    ) -> Phrase:
        """``text`` as it reads in English, and its origin."""
        made = super().__new__(cls, text)
        made.template, made.facts, made.many, made.module = template, facts, many, module
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Between processes a phrase is its English text."""
        return str, (str(self),)


def say(template: str, /, **facts: object) -> Phrase:
    """The sentence of ``template`` with its facts; extraction finds the template by this call."""
    return Phrase(template % facts if facts else template, template, facts)


def say_count(one: str, many: str, num: int, /, **facts: object) -> Phrase:
    """The sentence for ``num`` things, which is filled in as ``%(num)s``."""
    every = {"num": num, **facts}
    return Phrase((one if num == 1 else many) % every, one, every, many=many)


def say_as(module: str, key: str, text: str) -> Phrase:
    """``text`` of a module's definition, which the module's own texts may give in other languages under ``key``."""
    return Phrase(text, key, module=module)


def joined(separator: str, parts: Iterable[str]) -> Phrase:
    """Several phrases as one: ``", "`` between names, ``"; "`` between reasons."""
    facts = {f"part{number}": part for number, part in enumerate(parts)}
    template = "%(between)s".join(f"%({name})s" for name in facts)
    return Phrase(separator.join(map(str, facts.values())), template, {**facts, "between": separator})


def mark(template: str) -> str:
    """``template`` itself; extraction finds it by this call, and ``say`` gets it later by a name."""
    return template


def counted(one: str, many: str) -> tuple[str, str]:
    """The templates for one and for many, as ``mark`` does it for a template that does not count."""
    return one, many
