"""DOC01x: the files of the console, and who else can use them."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from console.checks.doctor.patient import MIB, Check, Patient
from console.domain.diagnosis import Answer, error, fine, note, warning
from console.storage import private


def _data_folder(it: Patient) -> Answer:
    folder = it.settings.data_dir
    if not folder.exists():
        return note(f"{folder} is not there yet; `serve` makes it.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=True):
        return error(f"{folder} cannot be written to.", "It must belong to the user who runs the console.")
    if stat.S_IMODE(folder.stat().st_mode) & stat.S_IWOTH:
        return error(f"Everybody on this machine can put files into {folder}.", f"chmod o-w {folder}")
    return fine(f"{folder} can be written to.")


def _space(it: Patient) -> Answer:
    folder = next(each for each in (it.settings.data_dir, *it.settings.data_dir.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    text = f"{free // MIB} MiB are free in {folder}."
    hint = "Make room: a database that cannot grow takes no writes."
    if free < it.enough_bytes // 10:
        return error(text, hint)
    return warning(text, hint) if free < it.enough_bytes else fine(text)


def _key_file(it: Patient) -> Answer:
    path = it.settings.secret_key_file
    if not path.exists():
        return note(f"{path} is not there yet; the first start makes it.")
    if mode := _rights_of_others(path):
        return error(
            f"Others can use the key file {path} (mode {mode:o}).", f"chmod 600 {path}, then `secrets rotate`."
        )
    return fine(f"{path} is its owner's alone.")


def _settings_file(it: Patient) -> Answer:
    path = it.settings.data_dir / "console.toml"
    if not path.exists():
        return fine("There is none.")
    mode = _rights_of_others(path)
    if mode & 0o022:
        return error(f"Others can change {path} (mode {mode:o}).", f"chmod 600 {path}")
    if mode:
        return warning(f"Others can read {path} (mode {mode:o}), and it may hold secrets.", f"chmod 600 {path}")
    return fine(f"{path} is its owner's alone.")


def _database_file(it: Patient) -> Answer:
    if it.file is None:
        return fine("The database is on a server.")
    if not it.file.exists():
        return note(f"{it.file} is not there yet; `serve` makes it.")
    if found := private.open_to_others(it.file):
        named = ", ".join(f"{file.name} (mode {mode:o})" for file, mode in found.items())
        return error(f"Others can use files of the database: {named}.", f"chmod 600 {' '.join(map(str, found))}")
    return fine(f"{it.file} and what is beside it are their owner's alone.")


def _rights_of_others(path: Path) -> int:
    """The mode, 0 when nobody but the owner has a right."""
    mode = stat.S_IMODE(path.stat().st_mode)
    return mode if mode & private.OTHERS else 0


CHECKS = (
    Check("DOC010", "the data folder", _data_folder),
    Check("DOC011", "free space", _space),
    Check("DOC012", "the key file", _key_file),
    Check("DOC013", "console.toml", _settings_file),
    Check("DOC014", "the files of the database", _database_file),
)
