"""Pipeline component: character n-grams, the message's language, and the conversation's."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any  # Rasa compares annotations as it writes them

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, METADATA
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.files import ROOT
from bot.i18n.languages import load_languages
from bot.i18n.negotiate import Identified, conversation_language
from bot.nlu import linear
from bot.nlu.linear import LinearModel
from bot.nlu.messages import IDENTIFIED, NGRAMS, Row, examples, language_of, text_of
from bot.nlu.ngrams import Ngrams
from bot.nlu.samples import OTHER, other_languages, own_sentences

FILE = "language.npz"
PENALTY = 100.0


def _load(path: Path) -> tuple[Ngrams, LinearModel]:
    with np.load(path, allow_pickle=False) as arrays:
        return Ngrams.from_arrays(arrays, "ngrams"), LinearModel.from_arrays(arrays, "language")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Learned on the assistant's own text; off-the-shelf detectors fail on short messages.

    The n-grams that it sets are used again by the classifier.
    """

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        ngrams: Ngrams | None = None,
        model: LinearModel | None = None,
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._ngrams = ngrams
        self._model = model
        self._known = set(load_languages(ROOT / "locales" / "languages.yml"))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """A new component, to be trained."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """The trained component."""
        with model_storage.read_from(resource) as folder:
            ngrams, model = _load(Path(folder) / FILE)
        return cls(model_storage, resource, ngrams, model)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when the samples change, which are not part of Rasa's training data."""
        digest = hashlib.sha256(OTHER.read_bytes())
        for code, sentence in own_sentences():
            digest.update(f"{code}{sentence}".encode())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the training messages, the catalogues and the samples."""
        messages = examples(training_data)
        samples = [*own_sentences(), *other_languages()]
        texts = [text_of(message) for message in messages] + [text for _, text in samples]
        labels = [language_of(message) for message in messages] + [code for code, _ in samples]
        self._ngrams = Ngrams.fit(texts)
        features = self._ngrams.transform(texts)
        self._model = linear.fit(features, np.array(labels), PENALTY, one_vs_rest=True)
        with self._storage.write_to(self._resource) as folder:
            arrays = self._ngrams.arrays("ngrams") | self._model.arrays("language")
            np.savez(Path(folder) / FILE, **arrays)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the n-grams of the training messages, for the components that follow."""
        self._set_ngrams(examples(training_data))
        return training_data

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Identify, and give the slot ``locale`` the conversation's language when it changes."""
        self._set_ngrams(messages)
        for message in messages:
            text = text_of(message)
            if text:
                self._process(message, text, tracker)
        return messages

    def _set_ngrams(self, messages: list[Message]) -> None:
        if self._ngrams is None:
            raise RuntimeError("LanguageIdentifier is used before it was trained")
        rows = self._ngrams.transform([text_of(message) for message in messages])
        for position, message in enumerate(messages):
            message.set(NGRAMS, Row(rows[position]))

    def _process(self, message: Message, text: str, tracker: DialogueStateTracker | None) -> None:
        found = self._identify(message, text)
        shown = {"code": found.code, "confidence": found.confidence, "sure": found.sure}
        message.set(IDENTIFIED, shown, add_to_output=True)
        current = tracker.get_slot("locale") if tracker else None
        chosen = bool(tracker and tracker.get_slot("locale_chosen"))
        hint = (message.get(METADATA) or {}).get("language")
        locale = conversation_language(current, chosen, hint, found, self._known)
        if locale and locale != current:
            entity = {"entity": "locale", "value": locale, "start": 0, "end": len(text)}
            entities = [*(message.get(ENTITIES) or []), {**entity, "extractor": "language"}]
            message.set(ENTITIES, entities, add_to_output=True)

    def _identify(self, message: Message, text: str) -> Identified:
        if self._model is None:
            raise RuntimeError("LanguageIdentifier is used before it was trained")
        row = message.get(NGRAMS).matrix
        words = len(text.split())
        if row.nnz == 0:
            return Identified("", 0.0, words)
        shares = np.exp(self._model.log_probabilities(row))[0]
        best = int(shares.argmax())
        return Identified(self._model.classes[best], float(shares[best]), words)
