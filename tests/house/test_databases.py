"""Both databases are equals: tests of storage, jobs, services and web run on both, and the rest says why not."""

from __future__ import annotations

import re

from tests.house.sources import ROOT

FOLDERS = ("backups", "storage", "jobs", "services", "web", "perf")
PINNED = re.compile(r'database_kind", \["(?:sqlite|postgres)"\]|params=\["(?:sqlite|postgres)"\]|return "sqlite"')
ONE_DATABASE = {
    "backups/test_looking.py": "what only a file shows, or only a server's role may not; two of its tests",
    "backups/test_making.py": "the programs that only Postgres has, and hidden files; three of its tests",
    "backups/test_restoring.py": "a file that is damaged, a link to one, a folder; three of its tests",
    "backups/test_trying_out.py": "only a server has a database for looking",
    "jobs/test_announce.py": "LISTEN and NOTIFY, which only Postgres has",
    "jobs/test_clock.py": "the clock of a server, which only Postgres has; one of its tests",
    "jobs/test_several_machines.py": "several machines, which cannot share a file",
    "jobs/test_canaries.py": "secrets in every file of a console; a dump, on Postgres",
    "jobs/test_careless.py": "what a hook leaves in its process; one of its tests",
    "jobs/test_outage.py": "a server that goes away, which only Postgres is",
    "jobs/test_signals.py": "how a runner's process was started and is stopped; two of its tests",
    "perf/test_page_weight.py": "the bytes of pages",
    "perf/test_request_counters.py": "negative controls of counters that are held on both",
    "perf/test_start_counters.py": "what a process does before it opens a database",
    "perf/test_toggle_counters.py": "a negative control of a counter that is held on both",
    "services/test_purge.py": "what is refused before anything is deleted; what is deleted, on both",
    "storage/test_faults.py": "a full disk and a read-only file, or a server without either",
    "storage/test_migrations_more.py": "copies of the file that are made before an upgrade",
    "storage/test_private.py": "the modes of files",
    "web/test_api.py": "what is answered before data counts; what is written, on both",
    "web/test_api_access.py": "whose right it is; what is written, on both",
    "web/test_api_contract.py": "what no schema allows; every promise, on both",
    "web/test_api_instance.py": "how the instance stands; what is written, on both",
    "web/test_api_reading.py": "what a token may not see and how answers look; what they tell, on both",
    "web/test_assets.py": "files",
    "web/test_attacks.py": "what is refused before data counts; what a form may not write, on both",
    "web/test_config_pages.py": "forms of one module's settings; what they store, in services and test_config_steps",
    "web/test_denials.py": "whom an entry names and how it is shown; what is counted, on both",
    "web/test_denied_controls.py": "how pages look to whoever may only read",
    "web/test_forged_requests.py": "what is refused before data counts",
    "web/test_gate_fresh.py": "a negative control of a test that runs on both",
    "web/test_gate_modules.py": "modules that misbehave in their code",
    "web/test_graph.py": "a picture of the registry",
    "web/test_idempotency.py": "whose a key is and what is none; the effects and the twins, on both",
    "web/test_languages.py": "words",
    "web/test_limits.py": "what is refused before data counts",
    "web/test_module_page.py": "a page that is read; what it shows is written on both elsewhere",
    "web/test_openapi.py": "a document of the map of addresses",
    "web/test_other_pages.py": "pages that are read",
    "web/test_people.py": "forms and redirects; sessions and throttling, on both",
    "web/test_planted_headers.py": "headers",
    "web/test_pseudo_language.py": "words",
    "web/test_requests.py": "headers, tokens of forms and shapes of errors; what is written, on both",
    "web/test_requests_pages.py": "how pages look; what is asked for and answered, on both",
    "web/test_sealed_answers.py": "what is sealed where; that it is, and opens, on both",
    "web/test_search.py": "how results look; what is found, on both",
    "web/test_storage_down.py": "a file that takes no writes",
    "web/test_styleguide.py": "no data",
    "web/test_texts.py": "words",
    "web/test_told.py": "words",
    "web/test_translations.py": "words",
}
"""File → what it, or some of its tests, is about instead of a database."""


def test_every_test_that_stays_on_one_database_has_a_reason() -> None:
    files = (path for folder in FOLDERS for path in (ROOT / "tests" / folder).glob("test_*.py"))
    pinned = {f"{path.parent.name}/{path.name}" for path in files if PINNED.search(path.read_text())}
    assert pinned == set(ONE_DATABASE)
