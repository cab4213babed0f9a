"""The data map (data/privacy.yml) as a document: what is kept, why, where, how long, who reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.files import DataError, read_yaml
from bot.settings import PREFIX, Settings

BEGIN, END = "<!-- map -->", "<!-- /map -->"
ABOUT = {"person": "newcomer", "employee": "employee", "nobody": "–"}


def load_map(path: Path) -> dict[str, Any]:
    """The map. Raises ``DataError``, also for a basis that is not there."""
    found: dict[str, Any] = read_yaml(path, schema="privacy")
    for datum in found["data"]:
        if datum["basis"] not in found["bases"]:
            raise DataError(path, datum["id"], f"no such basis: {datum['basis']}")
    return found


def document(text: str, found: Mapping[str, Any]) -> str:
    """The document with the map as it is now between its two marks."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{written(found)}\n{END}{after}"


def written(found: Mapping[str, Any]) -> str:
    """The map as Markdown."""
    return "\n".join(
        [
            *_overview(found["data"]),
            *(line for datum in found["data"] for line in _datum(datum, found["bases"])),
            *_browser(found["browser"]),
            *_elsewhere(found["elsewhere"]),
            *_bases(found["bases"]),
        ]
    )


def _overview(data: list[Mapping[str, Any]]) -> Iterator[str]:
    yield "| datum | about | kept | sealed |"
    yield "| --- | --- | --- | --- |"
    for datum in data:
        sealed = ", ".join(f"`{name}`" for name in datum["sealed"]) or "no"
        about = ABOUT[datum["about"]]
        yield f"| [{datum['title']}](#{_anchor(datum)}) | {about} | {_kept(datum)} | {sealed} |"


def _datum(datum: Mapping[str, Any], bases: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    open_point = " **Open.**" if bases[datum["basis"]]["open"] else ""
    tables = (f"`{table}` ({', '.join(columns)})" for table, columns in datum["columns"].items())
    yield f"\n### {datum['title']}\n"
    yield f"- **What:** {datum['what']}"
    yield f"- **Purpose:** {datum['purpose']}"
    yield f"- **Legal basis:** [{datum['basis']}](#legal-bases).{open_point}"
    yield f"- **Where:** {'; '.join(tables)}"
    yield f"- **How long:** {_kept(datum)}"
    yield f"- **Who reads:** {datum['readers']}"
    yield f"- **Deleted by:** {datum['deletion']}"


def _browser(entries: list[Mapping[str, Any]]) -> Iterator[str]:
    yield "\n### In the browser\n"
    yield "| name | kind | what | kept |"
    yield "| --- | --- | --- | --- |"
    for entry in entries:
        yield f"| `{entry['name']}` | {entry['kind']} | {entry['what']} | {_kept(entry)} |"


def _elsewhere(entries: list[Mapping[str, Any]]) -> Iterator[str]:
    yield "\n### Elsewhere\n"
    yield "| place | what | who |"
    yield "| --- | --- | --- |"
    for entry in entries:
        yield f"| {entry['place']} | {entry['what']} | {entry['who']} |"


def _bases(bases: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    yield "\n### Legal bases\n"
    for name, basis in bases.items():
        open_point = f" **Open:** {basis['open']}" if basis["open"] else ""
        yield f"- **{name}:** {basis['text']}{open_point}"


def _kept(entry: Mapping[str, Any]) -> str:
    setting, text = entry["kept"]["setting"], entry["kept"]["text"]
    if not setting:
        return str(text)
    unit = setting.rpartition("_")[2]
    return f"{getattr(Settings(), setting)} {unit} (`{PREFIX}{setting.upper()}`) {text}"


def _anchor(datum: Mapping[str, Any]) -> str:
    kept = (c for c in datum["title"].lower() if c.isalnum() or c in " -")
    return "".join(kept).replace(" ", "-")
