"""Data files: YAML that is checked against a schema as soon as it is read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parent.parent


class DataError(Exception):
    """A data file is missing or wrong. The message names the file and the field."""

    def __init__(self, path: Path, field: str, problem: str) -> None:
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        where = f"{shown}: {field}" if field else str(shown)
        super().__init__(f"{where}: {problem}")


def read_yaml(path: Path, schema: str | None = None) -> Any:
    """Read a YAML file and check it against ``data/schemas/<schema>.yml``.

    Dates come back as ISO 8601 strings, so that a schema can speak of them.
    Raises ``DataError`` with file and field.
    """
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(path, "", "the file is missing") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(path, "", f"not readable as YAML: {error}") from None
    data = _dates_as_text(loaded)
    if schema:
        check(data, schema, path)
    return data


def check(data: Any, schema: str, path: Path, prefix: str = "") -> None:
    """Raise ``DataError`` for the first place where ``data`` breaks the schema."""
    rules = read_yaml(ROOT / "data" / "schemas" / f"{schema}.yml")
    errors = jsonschema.Draft7Validator(rules).iter_errors(data)
    first = min(errors, key=lambda error: list(map(str, error.absolute_path)), default=None)
    if first is not None:
        field = "/".join([*([prefix] if prefix else []), *map(str, first.absolute_path)])
        raise DataError(path, field, first.message)


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dates_as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value
