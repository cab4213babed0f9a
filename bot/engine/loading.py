"""The trained model: loaded once, however many engines a process opens one after the other.

What is loaded does not change with a conversation: the graph of components, the domain, the rules.
What belongs to one engine, its store and its replies, is put around it.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.model import get_latest_model

from bot.engine.errors import ModelBroken, ModelMissing

Loaded = tuple[str, Any, Any]  # file name, metadata, graph of components
Version = tuple[str, int, int]
_last: dict[Version, Loaded] = {}


class Processor(MessageProcessor):
    """Rasa's own, around a model that may be loaded already."""

    @staticmethod
    def _load_model(model_path: str | Path) -> Loaded:
        file = Path(model_path)
        about = file.stat()
        version = (str(file.resolve()), about.st_mtime_ns, about.st_size)
        if version not in _last:
            try:
                loaded = MessageProcessor._load_model(model_path)
            except Exception as error:  # gzip, tar, json, pickle, Rasa: each fails in its own way
                problem = f"{file} cannot be read ({type(error).__name__}: {error})"
                raise ModelBroken(f"{problem}. Delete it, then: make train") from error
            _last.clear()
            _last[version] = loaded
            gc.collect()  # what only the loading needed
        return _last[version]


def put_model_into(agent: Agent, folder: Path) -> None:
    """Give an agent the newest trained model, as ``Agent.load_model`` would load it.

    Raises ``ModelMissing``, ``ModelBroken``.
    """
    newest = get_latest_model(folder) if folder.is_dir() else None
    if not newest:
        raise ModelMissing(f"No trained model in {folder}. Run: make train")
    agent.processor = Processor(
        model_path=newest,
        tracker_store=agent.tracker_store,
        lock_store=agent.lock_store,
        action_endpoint=agent.action_endpoint,
        generator=agent.nlg,
    )
    agent.domain = agent.processor.domain
    agent.tracker_store.domain = agent.domain
