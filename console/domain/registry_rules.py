"""The rules between modules: who is quarantined, and why.

Source: the guide, "Dependency Rules".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from console.domain.config import check_defaults
from console.domain.graph import cycles
from console.domain.menu import ids_of
from console.domain.problem import Problem
from console.phrases import joined, say

if TYPE_CHECKING:
    from console.domain.registry import InstalledModule


def without_duplicates(found: Iterable[InstalledModule]) -> list[InstalledModule]:
    """The modules with distinct names; the one that stays carries a problem for each that was left out.

    Codes that differ only in ``-`` and ``_`` would share folder, tables and branch: they are the same name.
    """
    by_label: dict[str, InstalledModule] = {}
    for module in found:
        label = module.code.replace("-", "_")
        first = by_label.get(label)
        if first is None:
            by_label[label] = module
        else:
            text = say(
                "the module in %(path)s is left out: the code %(code)s is taken by the one in %(other)s",
                path=module.path,
                code=repr(first.code),
                other=first.path,
            )
            problem = Problem("MOD010", first.code, text, say("Give one of them another code."), fatal=True)
            by_label[label] = replace(first, problems=(*first.problems, problem))
    return list(by_label.values())


def kept_off(module: InstalledModule, reason: str) -> InstalledModule:
    """The module off the air for ``reason``, unless it is core or already off for another one."""
    if module.is_core or module.quarantine is not None:
        return module
    return replace(module, quarantine=reason)


@dataclass(slots=True)
class Judge:
    """Passes verdicts on modules one by one, requirements first; remembers what is taken.

    Args:
        installed: All modules by code.
    """

    installed: Mapping[str, InstalledModule]
    judged: dict[str, InstalledModule] = field(default_factory=dict)
    in_cycle: Mapping[str, tuple[str, ...]] = field(init=False)
    _declared: dict[str, frozenset[str]] = field(init=False)
    _features: dict[str, str] = field(default_factory=dict)
    _menu_ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._declared = {
            code: frozenset(need.code for need in module.requirements if self._rightly(module, need.code))
            for code, module in self.installed.items()
        }
        self.in_cycle = cycles(self._declared)

    def _rightly(self, module: InstalledModule, need: str) -> bool:
        return need in self.installed and not (module.is_core and self._is_optional(need))

    def _is_optional(self, code: str) -> bool:
        definition = self.installed[code].definition
        return definition is not None and not definition.is_core

    def edges(self) -> dict[str, frozenset[str]]:
        """Code → installed codes that it rightly requires.

        What a rule refuses (a circle, core on optional) does not count: the module that declares it is quarantined,
        and no other module must be held by it.
        """
        return {code: frozenset() if code in self.in_cycle else needs for code, needs in self._declared.items()}

    def judge(self, code: str) -> None:
        """Adds the module to ``judged``, quarantined if a rule says so."""
        module = self.installed[code]
        if module.live:
            problem = next(self._problems(module), None)
            if problem is not None:
                module = replace(module, quarantine=problem.text, problems=(*module.problems, problem))
            else:
                self._take(module)
        self.judged[code] = module

    def _take(self, module: InstalledModule) -> None:
        assert module.definition is not None
        self._features.update(dict.fromkeys(module.definition.features, module.code))
        self._menu_ids.update(dict.fromkeys(ids_of(module), module.code))

    def _problems(self, module: InstalledModule) -> Iterator[Problem]:
        yield from self._core_on_optional(module)
        yield from self._circle(module)
        yield from self._requirements(module)
        yield from self._shared(module)
        yield from self._defaults(module)

    def _core_on_optional(self, module: InstalledModule) -> Iterator[Problem]:
        codes = [need.code for need in module.requirements if need.code in self.installed]
        wrong = [code for code in codes if module.is_core and self._is_optional(code)]
        if wrong:
            names = ", ".join(map(repr, wrong))
            text = say("it is core and requires %(others)s, which can be switched off", others=names)
            hint = say("Core may require only core: make both core, or this one optional.")
            yield _fatal("MOD014", module, text, hint)

    def _circle(self, module: InstalledModule) -> Iterator[Problem]:
        path = self.in_cycle.get(module.code)
        if path:
            text = say("its requirements run in a circle: %(path)s", path=" → ".join(path))
            yield _fatal("MOD013", module, text, say("Take one of these requirements out."))

    def _requirements(self, module: InstalledModule) -> Iterator[Problem]:
        for need in module.requirements:
            other = self.judged.get(need.code) or self.installed.get(need.code)
            if other is None:
                text = say("it requires %(other)s, which is not installed", other=repr(need.code))
                hint = say("Install %(other)s, or take it out of requires.", other=repr(need.code))
                yield _fatal("MOD011", module, text, hint)
            elif other.definition is not None and not need.accepts(other.version):
                text = say(
                    "it requires %(need)s, but %(other)s is installed as %(version)s",
                    need=repr(str(need)),
                    other=repr(need.code),
                    version=other.version,
                )
                hint = say(
                    "Install a version of %(other)s within %(range)s.", other=repr(need.code), range=need.specifier
                )
                yield _fatal("MOD012", module, text, hint)
            elif not other.live:
                text = say("it requires %(other)s, which is quarantined", other=repr(need.code))
                hint = say("Mend %(other)s first: %(reason)s.", other=repr(need.code), reason=other.quarantine)
                yield _fatal("MOD015", module, text, hint)

    def _shared(self, module: InstalledModule) -> Iterator[Problem]:
        assert module.definition is not None
        for feature in module.definition.features:
            if feature in self._features:
                text = say(
                    "its feature %(feature)s is declared by %(other)s too",
                    feature=repr(str(feature)),
                    other=repr(self._features[feature]),
                )
                hint = say("Feature codes are unique over all modules: rename one of them.")
                yield _fatal("MOD016", module, text, hint)
        for frontend, name in sorted(ids_of(module)):
            other = self._menu_ids.get((frontend, name))
            if other is not None:
                text = say(
                    "its menu item %(item)s (%(frontend)s) is declared by %(other)s too",
                    item=repr(name),
                    frontend=frontend.value,
                    other=repr(other),
                )
                yield _fatal("MOD017", module, text, say("Menu ids are unique in a frontend: rename one of them."))

    def _defaults(self, module: InstalledModule) -> Iterator[Problem]:
        assert module.definition is not None
        wrong = check_defaults(module.definition)
        if wrong:
            yield _fatal("MOD018", module, joined("; ", wrong), say("Let config_schema and default_config agree."))


def _fatal(problem_id: str, module: InstalledModule, text: str, hint: str) -> Problem:
    return Problem(problem_id, module.code, text, hint, fatal=True)
