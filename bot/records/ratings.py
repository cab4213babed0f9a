"""How often an answer helped, by topic, language and day. Nothing of the person."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot import clock
from bot.records.database import ratings


class Ratings:
    """Counts ratings."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def count(self, topic: str, language: str, verdict: str) -> None:
        """Count one rating today."""
        values = {"topic": topic, "language": language, "verdict": verdict}
        with self._engine.begin() as connection:
            day = clock.today().isoformat()
            connection.execute(sa.insert(ratings).values(day=day, **values))

    def totals(self) -> dict[tuple[str, str], int]:
        """How many ratings there are, by topic and verdict."""
        number = sa.func.count()
        query = sa.select(ratings.c.topic, ratings.c.verdict, number).group_by(
            ratings.c.topic, ratings.c.verdict
        )
        with self._engine.connect() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query)}
