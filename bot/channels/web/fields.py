"""Boxes, lists and tables of a question's form: put together into what a button sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from multidict import MultiMapping

ROW = "row_"  # the names of a table's rows begin with it


def filled(payload: str, form: MultiMapping[Any]) -> str:
    """The payload of a «done» button with what was chosen above it; any other as it is."""
    values = _read(payload)
    if values is None or values.get("option") != "":
        return payload
    return f"/answer{json.dumps({**values, 'option': _chosen(form)})}"


def _read(payload: str) -> Mapping[str, Any] | None:
    if not payload.startswith("/answer{"):
        return None
    try:
        values = json.loads(payload.removeprefix("/answer"))
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _chosen(form: MultiMapping[Any]) -> str:
    month, year = form.get("month", ""), form.get("year", "")
    if month and year:
        return f"{year}-{month}"
    rows = [f"{k.removeprefix(ROW)}_{form.get(k)}" for k in form if k.startswith(ROW)]
    return "-".join([*form.getall("option", []), *rows, *form.getall("date", [])])
