"""What an address of the API takes and answers, in the schemas that ``openapi.json`` shows.

A description promises; it does not check. What a view takes it reads with ``read_json`` and the same schema, and the
tests hold every answer against the shape that stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

View = TypeVar("View", bound=Callable[..., object])
Shape = type[BaseModel]
Answered = Shape | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """What a view takes and answers.

    Args:
        takes: The schema of its JSON body; None: it takes none.
        query: The parameters of its query, each a field.
        answers: Status → the shape of the document, or the media types of what has none; of an empty answer: ().
        matches: Whether it knows ``If-Match``.
        optional: Whether the body may be left out.
    """

    takes: Shape | None = None
    query: Shape | None = None
    answers: Mapping[int, Answered] = field(default_factory=dict)
    matches: bool = False
    optional: bool = False


def described(
    answers: Shape | Mapping[int, Answered] | None = None,
    *,
    takes: Shape | None = None,
    query: Shape | None = None,
    matches: bool = False,
    optional: bool = False,
) -> Callable[[View], View]:
    """Says for ``openapi.json`` what the view takes and answers.

    Args:
        answers: Status → the shape of the document, or media types; a shape alone is that of 200.
        takes: The schema of the JSON body.
        query: The parameters of the query, each a field.
        matches: Whether the view knows ``If-Match``.
        optional: Whether the body may be left out; the view reads it with ``read_json(…, optional=True)``.
    """
    shapes = answers if isinstance(answers, Mapping) else {200: answers} if answers is not None else {}

    def mark(view: View) -> View:
        view.__described__ = Description(takes, query, shapes, matches, optional)  # type: ignore[attr-defined]  # see below
        return view

    return mark


def description_of(view: object) -> Description | None:
    """What was said about ``view``; None when nothing was."""
    found = getattr(view, "__described__", None)
    return found if isinstance(found, Description) else None
