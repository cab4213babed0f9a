"""Let this environment find the stand-ins for packages that it leaves out."""

from __future__ import annotations

import sysconfig
from pathlib import Path

folder = Path(__file__).resolve().parent.parent / "bot" / "engine" / "standins"
(Path(sysconfig.get_paths()["purelib"]) / "silta-standins.pth").write_text(f"{folder}\n")
