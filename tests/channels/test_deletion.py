"""«Delete this conversation» is one verb: nothing of her is left in any store, nor in the files."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from aiohttp.test_utils import TestClient

from bot.channels.web.conversation import COOKIE, sender_of
from bot.files import ROOT
from bot.privacy import load_map
from bot.records.database import metadata, open_database
from bot.settings import Settings

HERS = ("sender", "open_for")  # columns that name a conversation
PLANTED = "kukkuluuruu"


async def say(client: TestClient, **data: str) -> str:
    return await (await client.post("/chat?lang=fi", data=data)).text()


async def test_one_verb_deletes_from_every_store_and_file(
    client: TestClient, settings: Settings
) -> None:
    """A chat, answers and a talk; then what the data map calls hers is empty, and the word gone."""
    folder = Path(settings.database.removeprefix("sqlite:///")).parent
    await say(client, message=f"omituinen sana: {PLANTED}")
    await say(client, choice="/start_assessment")
    await say(client, choice='/answer{"do": "start_short"}')
    await say(client, choice="/handoff")
    await say(client, message=f"tarvitsen ihmisen, {PLANTED}")
    token = client.session.cookie_jar.filter_cookies(client.make_url("/"))[COOKIE].value
    sender = sender_of(token)
    database = open_database(settings.database)
    filled = {table for table, rows in rows_of(database, sender).items() if rows}
    assert filled == {"trackers", "transcripts", "drafts", "talks"}
    assert files_with(folder, PLANTED)

    await say(client, choice="/delete_data")
    await say(client, choice="/confirm_delete")
    assert not any(rows_of(database, sender).values())
    with database.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM talk_messages")).scalar() == 0
    database.dispose()
    assert files_with(folder, PLANTED) == []
    assert files_with(folder, sender) == []


def test_the_stores_that_name_a_conversation_are_known() -> None:
    """A new table that names a conversation must be deleted from, too: add it above."""
    naming = {
        table.name for table in metadata.tables.values() if set(HERS) & set(table.columns.keys())
    }
    assert naming == {"trackers", "transcripts", "drafts", "talks"}
    mapped = {
        table for datum in load_map(ROOT / "data/privacy.yml")["data"] for table in datum["columns"]
    }
    assert naming <= mapped


def rows_of(database: sa.engine.Engine, sender: str) -> dict[str, int]:
    """How many rows of each table name the conversation."""
    found: dict[str, int] = {}
    with database.connect() as connection:
        for table in metadata.tables.values():
            for column in set(HERS) & set(table.columns.keys()):
                count = sa.select(sa.func.count()).where(table.c[column] == sender)
                found[table.name] = found.get(table.name, 0) + int(
                    connection.execute(count).scalar_one()
                )
    return found


def files_with(folder: Path, words: str) -> list[str]:
    """The files in which the bytes of the words stand."""
    return [path.name for path in folder.iterdir() if words.encode() in path.read_bytes()]
