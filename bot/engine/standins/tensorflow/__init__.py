"""A stand-in for TensorFlow: importable, inert, and loud at the first real use.

Rasa 3.6.21 imports TensorFlow whenever its agent is imported, also when no component of
the pipeline needs it. That costs 345 MB of memory and 2.5 s of start-up. This package lets
Rasa's modules be imported (they subclass and annotate with TensorFlow's names) and raises
``TensorFlowNotInstalled`` as soon as something would compute with it.

It is found only where the real package is missing: the environment's own packages come
first on the path. To use Rasa's DIET or TED, install requirements/tensorflow.lock.
See docs/adr/0003-tensorflow-stand-in.md.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any

__version__ = "2.12.0+standin"


class TensorFlowNotInstalled(RuntimeError):
    """Raised when code computes with TensorFlow, which this installation leaves out."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was used, but TensorFlow is not part of this installation. "
            "Install it with: make tensorflow"
        )


class _StandInType(type):
    """The class of stand-in classes: any attribute is a stand-in too, any call raises."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__standin_name__}.{name}")

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__dict__.get("__standin__"):
            # Used as a decorator (``@tf.function``) while a module is being imported.
            if len(args) == 1 and not kwargs and callable(args[0]):
                return args[0]
            raise TensorFlowNotInstalled(cls.__standin_name__)
        raise TensorFlowNotInstalled(cls.__name__)

    def __mro_entries__(cls, bases: tuple[type, ...]) -> tuple[type, ...]:
        return (cls,)


def _stand_in(name: str) -> Any:
    return _StandInType(
        name.rpartition(".")[2], (), {"__standin__": True, "__standin_name__": name}
    )


class _StandInModule(ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        full = f"{self.__name__}.{name}"
        value = sys.modules.get(full) or _stand_in(full)
        setattr(self, name, value)
        return value


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds any submodule of the stand-in."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname.startswith(("tensorflow.", "keras.")):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: names appear when they are asked for."""


sys.meta_path.append(_Finder())


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return sys.modules.get(f"tensorflow.{name}") or _stand_in(f"tensorflow.{name}")
