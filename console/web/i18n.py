"""Languages: a domain for the console and one for each module, so that equal keys of two modules never meet.

A text is looked up in the module's catalog of the language, then in its English one, then in the console's. Catalogs
are gettext ``.po`` files and, for modules, ``locales/<lang>.json``; both are read when the language is first used.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, get_locale  # type: ignore[import-untyped]
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from console.context import current, runtime
from console.domain.registry import Registry
from console.errors import SettingsError
from console.paths import data_folder
from console.web.numbers import format_number

log = logging.getLogger(__name__)
TEXTS = "console_texts"
FIRST = "en"
LANGUAGE = "language"
_KEY = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the catalogs of one owner lie; a folder that does not exist holds none."""

    translations: Path
    locales: Path | None = None

    def languages(self) -> set[str]:
        """The languages that there are files for."""
        found = {path.parent.parent.name for path in self.translations.glob("*/LC_MESSAGES/messages.po")}
        return found | ({path.stem for path in self.locales.glob("*.json")} if self.locales else set())

    def read(self, language: str) -> Translations | None:
        """The catalog of one language, ``.po`` over JSON, None when there is no file."""
        from babel.messages.catalog import Catalog  # noqa: PLC0415  # only when a language is first used
        from babel.messages.mofile import write_mo  # noqa: PLC0415
        from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415

        po = self.translations / language / "LC_MESSAGES" / "messages.po"
        texts = self.locales / f"{language}.json" if self.locales else None
        catalog: Catalog | None = None
        try:
            if po.is_file():
                with po.open("rb") as file:
                    catalog = read_po(file, locale=language, abort_invalid=True)
            if texts is not None and texts.is_file():
                catalog = catalog or Catalog(locale=language)
                for key, text in _flat(json.loads(texts.read_text(encoding="utf-8"))):
                    if catalog.get(key) is None:
                        catalog.add(key, text)
        except (OSError, ValueError, AttributeError, PoFileError):
            # One module's broken file must not break a menu that stands on every page; `check` names it.
            log.exception("texts of %s in %s cannot be read", language, self.translations.parent)
        if catalog is None:
            return None
        compiled = BytesIO()
        write_mo(compiled, catalog)
        compiled.seek(0)
        return Translations(compiled)


def _flat(texts: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    """Nested objects as keys joined with a point."""
    for key, value in texts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", str(value)


class TextDomain(Domain):  # type: ignore[misc]  # the library has no types
    """The texts of the console, or of one module with the console's behind them."""

    def __init__(self, folders: Folders, behind: TextDomain | None = None) -> None:
        super().__init__([], "messages")
        self._folders = folders
        self._behind = behind
        self._chains: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """The catalogs of this request's language, one behind the other."""
        locale = get_locale()
        return self.chain(str(locale) if locale is not None else FIRST)

    def chain(self, language: str) -> NullTranslations:
        """The catalogs in which a text of ``language`` is looked up, one behind the other."""
        found = self._chains.get(language)
        if found is None:
            wanted = dict.fromkeys((language, language.partition("_")[0], FIRST))
            catalogs = [each for each in map(self._folders.read, wanted) if each is not None]
            found = catalogs[0] if catalogs else NullTranslations()
            for each in catalogs[1:]:
                found.add_fallback(each)
            if self._behind is not None:
                found.add_fallback(self._behind.chain(language))
            self._chains[language] = found
        return found


class Texts:
    """Looks up the texts of the console and of every module; the ``Translator`` that the sdk asks."""

    def __init__(self, registry: Registry) -> None:
        self.console = TextDomain(Folders(data_folder("translations")))
        self._folders = {
            module.code: Folders(
                module.path / "translations",
                module.path / ((module.definition.locales_path if module.definition else None) or "locales"),
            )
            for module in registry.modules()
        }
        self._domains: dict[str, TextDomain] = {}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Every language that somebody wrote texts for, English first."""
        found = Folders(data_folder("translations")).languages()
        for folders in self._folders.values():
            found |= folders.languages()
        return (FIRST, *sorted(language for language in found - {FIRST} if _is_known(language)))

    def domain(self, module: str | None) -> TextDomain:
        """The domain of a module, or the console's."""
        if module is None or module not in self._folders:
            return self.console
        found = self._domains.get(module)
        if found is None:
            found = self._domains[module] = TextDomain(self._folders[module], self.console)
        return found

    def text(self, module: str | None, key: str) -> str:
        """The text of ``key``, not yet filled in; a key that nobody wrote a text for is made readable."""
        found = str(self.domain(module).get_translations().ugettext(key))
        if found == key and _KEY.fullmatch(key):
            return key.rpartition(".")[2].replace("_", " ").replace("-", " ").capitalize()
        return found

    def own(self, module: str, key: str) -> str | None:
        """What the module's own texts have under ``key``, None when they have nothing."""
        found = str(self.domain(module).get_translations().ugettext(key))
        return None if found == key else found

    def plural(self, module: str | None, one: str, many: str, number: int) -> str:
        """The form that fits ``number``, not yet filled in.

        Keys of JSON texts end in a category of CLDR: ``orders.count.one`` and ``orders.count.other`` are given, and a
        language that has further forms, ``few`` say, is looked up under those names too.
        """
        translations = self.domain(module).get_translations()
        found = str(translations.ungettext(one, many, number))
        if found not in (one, many):
            return found
        category = (get_locale() or Locale.parse(FIRST)).plural_form(number)
        stem, _point, last = one.rpartition(".")
        if last == "one" and category not in ("one", "other"):
            special = f"{stem}.{category}"
            found = str(translations.ugettext(special))
            if found != special:
                return found
        return self.text(module, one if category == "one" else many)

    def gettext(self, module: str | None, key: str, **variables: object) -> str:
        """The text of ``key`` in the language of this request."""
        found = self.text(module, key)
        return found % variables if variables else found

    def ngettext(self, module: str | None, one: str, many: str, number: int, **variables: object) -> str:
        """The text that fits ``number``, which is filled in as ``num``."""
        return self.plural(module, one, many, number) % {"num": format_number(number), **variables}


def _is_known(language: str) -> bool:
    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def install(app: Flask, registry: Registry) -> Texts:
    """Give ``app`` its languages.

    Raises:
        SettingsError: The usual one is none.
    """
    texts = app.extensions[TEXTS] = Texts(registry)
    settings = app.extensions["console"].settings
    if not _is_known(settings.locale):
        raise SettingsError(
            f"CONSOLE_LOCALE: {settings.locale!r} is no language.", hint="Write a code such as en or fr."
        )
    babel = Babel(
        app,
        default_locale=settings.locale,
        default_timezone=settings.timezone,
        default_translation_directories=str(data_folder("translations")),
        locale_selector=lambda: choose(texts.languages),
        timezone_selector=_timezone,
    )
    babel.domain_instance = texts.console

    @pass_context
    def gettext(context: Context, message: str) -> str:
        return texts.text(_owner(context.name, registry), message)

    @pass_context
    def ngettext(context: Context, one: str, many: str, number: int) -> str:
        return texts.plural(_owner(context.name, registry), one, many, number)

    @pass_context
    def counting(context: Context, one: str, many: str, number: int, /, **variables: object) -> str:
        form = ngettext(context, one, many, number)
        form = Markup(form) if context.eval_ctx.autoescape else form  # noqa: S704  # a text of ours, as the library does
        return form % {"num": format_number(number), **variables}

    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["ngettext"] = counting
    return texts


def _owner(template: str | None, registry: Registry) -> str | None:
    """The module whose template it is: ``@code/…``, or ``code/…`` when the console shows it."""
    head = (template or "").partition("/")[0]
    if head.startswith("@"):
        return head[1:]
    return head if head in registry and not data_folder("templates").joinpath(head).is_dir() else None


def choose(languages: tuple[str, ...]) -> str:
    """The language of this request: the person's, else this browser's choice, else what it asks for, else ours."""
    usual = runtime().settings.locale
    if not has_request_context():
        return usual
    user = current().user
    if user is not None and user.locale in languages:
        return str(user.locale)
    chosen = request.cookies.get(LANGUAGE)
    if chosen in languages:
        return chosen
    return request.accept_languages.best_match(languages, default=usual) or usual


def languages(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Code and own name of each language: ``fr`` and *Français*."""
    return [(code, (Locale.parse(code).get_display_name(code) or code).capitalize()) for code in codes]


def _timezone() -> str | None:
    user = current().user if has_request_context() else None
    return user.timezone if user is not None else None
