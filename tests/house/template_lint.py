"""What a template of this house may not hold: the rules behind `./run lint`, on the text of one template."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

REQUESTS = {"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SILENT = {"code", "pre", "kbd", "samp", "script", "style", "svg"}
SPOKEN_ATTRIBUTES = {"aria-label", "aria-description", "alt", "placeholder", "title"}
BRAND = "Module Console"
FILLED = " _ "  # stands where an expression was: something, but not a bare word

COMMENT = re.compile(r"\{#.*?#\}", re.S)
TRANSLATED = re.compile(r"\{%-?\s*trans\b.*?%\}.*?\{%-?\s*endtrans\s*-?%\}", re.S)
STATEMENT = re.compile(r"\{%.*?%\}", re.S)
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.S)
WORD = re.compile(r"[^\W\d_]{2,}")
FORBIDDEN_JINJA = (
    (re.compile(r"\|\s*safe\b"), "`|safe` lets markup through unescaped: return Markup from a tested helper"),
    (re.compile(r"\{%-?\s*autoescape\s+false"), "autoescape stays on"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule broken at a line of a template."""

    line: int
    text: str


def lint(source: str) -> list[Finding]:
    """Every finding of one template, in the order of its lines."""
    findings = [
        Finding(source.count("\n", 0, match.start()) + 1, text)
        for pattern, text in FORBIDDEN_JINJA
        for match in pattern.finditer(COMMENT.sub(_blank, source))
    ]
    parser = _Lint()
    parser.feed(_without_jinja(source))
    parser.close()
    return sorted(findings + parser.findings, key=lambda finding: finding.line)


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _filled(match: re.Match[str]) -> str:
    return FILLED + _blank(match)


def _without_jinja(source: str) -> str:
    """The markup alone, on the same lines."""
    source = TRANSLATED.sub(_filled, COMMENT.sub(_blank, source))
    return STATEMENT.sub(_blank, EXPRESSION.sub(_filled, source))


@dataclass
class _Lint(HTMLParser):
    """Walks the markup and collects findings; lenient about tags that two branches of a condition open."""

    findings: list[Finding] = field(default_factory=list)
    open_tags: list[tuple[str, bool, bool]] = field(default_factory=list)  # name, no words, not for translation

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def found(self, text: str) -> None:
        self.findings.append(Finding(self.getpos()[0], text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.check_inline(tag, given)
        self.check_htmx(tag, given)
        own = given.get("translate") == "no" or any(kept for _, _, kept in self.open_tags)
        if not own:
            self.check_spoken(given)
        if tag == "form" and "method" not in given:
            self.found("a form says its method, so that it works without JavaScript")
        if tag not in VOID:
            self.open_tags.append((tag, tag in SILENT or own, own))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open_tags) - 1, -1, -1):
            if self.open_tags[at][0] == tag:
                del self.open_tags[at:]
                return

    def handle_data(self, data: str) -> None:
        if any(silent for _, silent, _ in self.open_tags):
            return
        words = WORD.findall(data.replace(BRAND, ""))
        if words:
            self.found(f"text goes through _(): {' '.join(words)[:60]!r}")

    def check_inline(self, tag: str, given: dict[str, str]) -> None:
        """The content security policy lets nothing inline run."""
        if tag == "style" or "style" in given:
            self.found("no inline style: the stylesheet has the rule, the element a class")
        if tag == "script" and "src" not in given:
            self.found("no inline script")
        for name, value in given.items():
            if name.startswith("on"):
                self.found(f"no inline handler: {name}")
            if value.strip().lower().startswith(("js:", "javascript:")):
                self.found(f"no script in an attribute: {name}")
            if name in {"src", "href"} and tag in {"script", "link", "img"} and "//" in value:
                self.found(f"nothing is loaded from elsewhere: {name}")

    def check_htmx(self, tag: str, given: dict[str, str]) -> None:
        """Targets are explicit, and a real form or link stands under everything that htmx enhances."""
        for name in given:
            if name.startswith(("hx-boost", "hx-on")):
                self.found(f"{name} is not used here")
        if "[" in given.get("hx-trigger", ""):
            self.found("no filter in hx-trigger: it is evaluated as script")
        if not REQUESTS & given.keys():
            return
        for name in ("hx-target", "hx-swap"):
            if name not in given:
                self.found(f"{name} stands beside the request it belongs to")
        if not self.works_without_htmx(tag, given):
            self.found("a real form or link stands under what htmx enhances")

    def works_without_htmx(self, tag: str, given: dict[str, str]) -> bool:
        """Whether the browser alone would do the same, or htmx only refreshes by itself what is already shown."""
        in_form = tag == "form" or "form" in given or any(name == "form" for name, _, _ in self.open_tags)
        refreshes = any(word in given.get("hx-trigger", "") for word in ("every", "load", "revealed"))
        link = tag == "a" and bool(given.get("href"))
        return in_form or ("hx-get" in given and (link or refreshes))

    def check_spoken(self, given: dict[str, str]) -> None:
        """What a screen reader says is translated too."""
        for name in SPOKEN_ATTRIBUTES & given.keys():
            words = WORD.findall(given[name].replace(BRAND, ""))
            if words:
                self.found(f"{name} goes through _(): {' '.join(words)[:60]!r}")
