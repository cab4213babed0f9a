"""Babel extractors: content, responses and labels are translated from where they stand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import yaml

Message = tuple[int, None, str, list[str]]
# Keys under which a sentence stands that a person will see, in any of our data files.
SENTENCE_KEYS = frozenset(
    {
        *("title", "question", "answer", "steps", "text", "meaning", "publisher", "name", "note"),
        *("say", "why", "notice"),
    }
)


def extract_data(
    fileobj: io.BufferedReader, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Message]:
    """Extract from topics, contacts, municipalities, data/urgent.yml and the domain's responses."""
    yield from _walk(yaml.compose(fileobj.read().decode("utf-8")), wanted=False, path=())


def extract_strings(
    fileobj: io.BufferedReader, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Message]:
    """Extract every text of a file of named texts (data/interface.yml, data/categories.yml)."""
    yield from _walk(yaml.compose(fileobj.read().decode("utf-8")), wanted=True, path=())


def _walk(node: yaml.Node | None, wanted: bool, path: tuple[str, ...]) -> Iterator[Message]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            # Names in the form {fi: …, sv: …} are official: they are shown, never translated.
            official = key.value == "name" and isinstance(value, yaml.MappingNode)
            inside = (wanted or key.value in SENTENCE_KEYS) and not official
            yield from _walk(value, inside, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk(item, wanted and not isinstance(item, yaml.MappingNode), path)
    elif isinstance(node, yaml.ScalarNode) and wanted:
        yield node.start_mark.line + 1, None, node.value, [f"at {' / '.join(path)}"]
