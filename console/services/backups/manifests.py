"""What lies beside a backup: written by its maker, and believed only when each word of it can be what a maker wrote."""

from __future__ import annotations

import errno
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from console.services.operation_views import time_json

Kind = Literal["sqlite", "postgresql"]
_LARGEST = 64 * 1024
_File = Annotated[str, StringConstraints(pattern=r"^[^/\x00]*[^/\x00.][^/\x00]*$", max_length=255)]
_Word = Annotated[str, StringConstraints(pattern=r"^\P{C}+$", max_length=255)]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a backup beside it; nothing in it is a secret.

    Args:
        file: Its name when it was made.
        revisions: Branch → its newest applied revisions.
        key: The id of the key that sealed its secrets.
    """

    file: str
    sha256: str
    size_bytes: int
    created_at: str
    database: Kind
    revisions: Mapping[str, tuple[str, ...]]
    key: str

    def as_json(self) -> dict[str, object]:
        """The document that lies beside the file."""
        return {
            "schema": 1,
            "file": self.file,
            "sha256": self.sha256,
            "bytes": self.size_bytes,
            "created_at": self.created_at,
            "database": self.database,
            "revisions": {branch: list(heads) for branch, heads in self.revisions.items()},
            "key": self.key,
        }


class _Document(BaseModel):
    """A manifest as it may stand in a file."""

    model_config = ConfigDict(strict=True)

    version: Literal[1] = Field(alias="schema")
    file: _File
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=0, lt=2**63)
    created_at: AwareDatetime
    database: Kind
    revisions: dict[_Word, tuple[_Word, ...]]
    key: str = Field(pattern=r"^[0-9a-f]{0,64}$")


def manifest_path(path: Path) -> Path:
    """Where the manifest of a backup is."""
    return path.with_name(f"{path.name}.json")


def read_manifest(path: Path) -> Manifest | None:
    """The manifest beside ``path``, None when there is none.

    Raises:
        ValueError: There is one that no maker wrote, or that cannot be read; the text says what is wrong with it.
    """
    beside = manifest_path(path)
    try:
        must_be_a_file(beside)
        with beside.open("rb") as file:
            held = file.read(_LARGEST + 1)
        if len(held) > _LARGEST:
            raise ValueError(f"it has more than {_LARGEST} bytes")
        found = _Document.model_validate_json(held)
        created_at = time_json(found.created_at.astimezone(UTC)) or ""
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(error.strerror) from error
    except ValidationError as error:
        raise ValueError(_first(error)) from error
    except OverflowError as error:
        raise ValueError("`created_at`: no calendar has that moment in UTC") from error
    return Manifest(
        file=found.file,
        sha256=found.sha256,
        size_bytes=found.bytes,
        created_at=created_at,
        database=found.database,
        revisions=found.revisions,
        key=found.key,
    )


def must_be_a_file(path: Path) -> None:
    """Refuse pipes, devices and folders: reading them may never end.

    Raises:
        OSError: It is one of them, or not there.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")


def _first(error: ValidationError) -> str:
    """What is wrong, without a word of what somebody wrote there."""
    wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = f"`{wrong['loc'][0]}`: " if wrong["loc"] else ""
    return f"{where}{wrong['msg']}"
