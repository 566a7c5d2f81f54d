"""The rule files of nlp/data/rules: what the matcher, the sections and the levels know about words, as data."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

_RULES = Path(__file__).parent / "data" / "rules"


@lru_cache(maxsize=8)
def load_rules(name: str) -> dict[str, Any]:
    """The content of `nlp/data/rules/<name>.toml`."""
    return tomllib.loads((_RULES / f"{name}.toml").read_text(encoding="utf-8"))
