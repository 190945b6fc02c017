"""``modules graph``: what requires what, as text, for a picture, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from console.cli.base import Cli, command
from console.domain.registry import Registry
from console.services.documents import edges, graph_json

Edge = tuple[str, str]
FORMAT = click.Option(
    ["--format", "style"],
    type=click.Choice(["text", "dot", "mermaid", "json"]),
    default="text",
    help="How to draw it.",
)
REVERSE = click.Option(["--reverse"], is_flag=True, help="What is needed by whom, instead of what needs what.")


@command("graph", FORMAT, REVERSE, platform=False)
def graph(cli: Cli, style: str, reverse: bool) -> None:
    """What requires what, over all installed modules."""
    registry = cli.rt.registry
    if cli.talk.json or style == "json":
        cli.talk.document(graph_json(registry, reverse=reverse))
        return
    draw: dict[str, Callable[[Registry, list[Edge]], Iterator[str]]] = {"text": _text, "dot": _dot, "mermaid": _mermaid}
    for line in draw[style](registry, edges(registry, reverse=reverse)):
        cli.talk.answer(line)


def _text(registry: Registry, edges: list[Edge]) -> Iterator[str]:
    """A tree below everything that nothing leads to; what stands in a circle is cut where it meets itself."""
    below: dict[str, list[str]] = {}
    for one, other in edges:
        below.setdefault(one, []).append(other)
    reached = {other for _, other in edges}
    shown: set[str] = set()
    tops = [code for code in registry if code not in reached]
    for code in (*tops, *registry):
        if code in tops or code not in shown:
            if code in tops and code in shown:
                continue
            yield from _branch(code, below, shown, path=())


def _branch(code: str, below: dict[str, list[str]], shown: set[str], *, path: tuple[str, ...]) -> Iterator[str]:
    shown.add(code)
    again = code in path
    yield f"{'  ' * len(path)}{code}{' …' if again else ''}"
    if not again:
        for each in below.get(code, []):
            yield from _branch(each, below, shown, path=(*path, code))


def _dot(registry: Registry, edges: list[Edge]) -> Iterator[str]:
    yield "digraph modules {"
    yield "  rankdir=LR;"
    for module in registry.modules():
        style = "" if module.live else ", style=dashed"
        yield f'  "{module.code}" [label="{_quoted(module.name)}"{style}];'
    for one, other in edges:
        yield f'  "{one}" -> "{other}";'
    yield "}"


def _mermaid(registry: Registry, edges: list[Edge]) -> Iterator[str]:
    yield "graph LR"
    for module in registry.modules():
        yield f'  {_label(module.code)}["{_quoted(module.name)}"]'
    for one, other in edges:
        yield f"  {_label(one)} --> {_label(other)}"


def _label(code: str) -> str:
    return code.replace("-", "_")


def _quoted(text: str) -> str:
    return text.replace('"', "'")
