"""The learned model as a file of arrays. Loading it runs no code (numpy, allow_pickle=False)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np

from bot.nlu.decision import Thresholds
from bot.nlu.linear import LinearModel
from bot.nlu.model import Model, Stage
from bot.nlu.neighbours import Neighbours
from bot.nlu.network import Network
from bot.nlu.scale import Scale

KINDS: dict[str, type[LinearModel] | type[Network]] = {"words": LinearModel, "meaning": Network}
QUESTIONS = ("labels", "danger", "outside")
NUMBERS = ("sharpness", "certain")


def save_model(path: Path, model: Model) -> None:
    """Write a model."""
    arrays = model.scale.arrays() | model.neighbours.arrays("neighbours")
    arrays["weights"] = np.array(model.weights)
    for name in KINDS:
        stage = getattr(model, name)
        for question in QUESTIONS:
            arrays |= getattr(stage, question).arrays(f"{name}_{question}")
    for name in ("danger_join", "outside_join"):
        arrays |= getattr(model, name).arrays(name)
    arrays |= {name: np.array(getattr(model, name)) for name in NUMBERS}
    arrays |= {f"threshold_{k}": np.array(v) for k, v in asdict(model.thresholds).items()}
    np.savez(path, **arrays)


def load_model(path: Path) -> Model:
    """Read a model."""
    with np.load(path, allow_pickle=False) as arrays:
        stages = {
            name: Stage(*(kind.from_arrays(arrays, f"{name}_{q}") for q in QUESTIONS))
            for name, kind in KINDS.items()
        }
        names = Thresholds.__dataclass_fields__
        of_words, of_meaning, of_neighbours = (float(weight) for weight in arrays["weights"])
        return Model(
            words=stages["words"],
            meaning=stages["meaning"],
            neighbours=Neighbours.from_arrays(arrays, "neighbours"),
            scale=Scale.from_arrays(arrays),
            weights=(of_words, of_meaning, of_neighbours),
            danger_join=LinearModel.from_arrays(arrays, "danger_join"),
            outside_join=LinearModel.from_arrays(arrays, "outside_join"),
            thresholds=Thresholds(**{n: float(arrays[f"threshold_{n}"]) for n in names}),
            **{name: float(arrays[name]) for name in NUMBERS},
        )
