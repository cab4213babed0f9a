"""The disk is full while somebody answers: a real file system without room, a real process.

On a small file system in memory where this machine lets us mount one; everywhere by the limit of
the kernel on the size of files that the process writes.
"""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from bot.composition import build_replies
from bot.records.advance import AdvanceRecords
from bot.records.vault import open_vault
from tests.conftest import missing
from tests.service import Service
from tests.visitor import KEPT, SHORT, Message, Page, Visitor, button, message

SIZE = "8m"
LOG_HEADER, LOG_PAGE = 32, 24 + 4096  # bytes, of SQLite's write-ahead log
ROOM = (0, 1, 2, 4, 7, 11, 16, 30, 100)  # pages; the last one is enough for a turn
BLOCK = b"\0" * 4096


class Disk:
    """Where the service keeps its files; it can be filled and freed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.service = Service(folder)

    def fill(self) -> None:
        """Leave not one page of room, neither on the disk nor in SQLite's own log."""
        self.empty_log()
        self._leave_no_room()

    def empty_log(self) -> None:
        """Bring what SQLite has in its log into the database, so that the log has no room left."""
        database = sa.create_engine(self.service.database, future=True)
        with database.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.dispose()

    def _leave_no_room(self) -> None:
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            while True:
                try:
                    ballast.write(BLOCK)
                except OSError:
                    return

    def free(self) -> None:
        """Somebody has made room."""
        (self.folder / "ballast").unlink()


class LimitedFiles(Disk):
    """The kernel lets the process write nothing beyond the first byte of a file."""

    def _leave_no_room(self) -> None:
        self.limit(1)

    def free(self) -> None:
        self.limit(resource.RLIM_INFINITY)

    def limit(self, size: int) -> None:
        """From now on no file may grow beyond so many bytes."""
        assert self.service.process
        process = psutil.Process(self.service.process.pid)
        process.rlimit(psutil.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.fixture(params=["tmpfs", "limit"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = request.param == "tmpfs"
    if mounted:
        options = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "silta", str(folder)]
        if subprocess.run(options, check=False, capture_output=True).returncode:
            missing("tmpfs", "this machine does not let us mount a file system")
    opened = Disk(folder) if mounted else LimitedFiles(folder)
    opened.service.start()
    yield opened
    opened.service.kill()
    if mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def records(disk: Disk) -> AdvanceRecords:
    vault = open_vault("", disk.service.key_file)
    return AdvanceRecords(sa.create_engine(disk.service.database, future=True), vault)


def is_told_calmly(page: Page, language: str) -> None:
    """That it did not work, in her language, with the number for danger; a script tries again."""
    translate = build_replies().catalogues.translator(language)
    assert page.status == 503
    assert page.retry_after
    assert f'lang="{language}"' in page.text
    assert build_replies().render("utter_fault", language, {}).text in page.text
    assert translate.plain("Back to the conversation") in page.text
    assert "112" in page.text


async def test_she_goes_on_when_there_is_room_again(disk: Disk) -> None:
    """Nothing confirmed is lost, nothing unconfirmed is shown as kept, nothing counts twice."""
    async with Visitor(disk.service.url, "ckb") as visitor:
        await visitor.begin()
        await visitor.answer_until("R1")
        disk.fill()
        sent, page = await visitor.answer("R1", SHORT["R1"])
        is_told_calmly(page, "ckb")
        is_told_calmly(await visitor.send(sent), "ckb")
        shown = await visitor.look("/")
        assert shown.status in (200, 503)
        disk.free()
        assert (await visitor.send(sent)).asked == "E3"
        for key in ("E3", "E5", "K1", "K2"):
            _, page = await visitor.answer(key, SHORT[key])
            assert page.status == 200
        await visitor.press('/answer{"do": "right"}')
        assert (await visitor.press('/answer{"do": "send"}')).asked == "assessment_sent"
    (listed,) = records(disk).listed("kajaani")
    record = records(disk).opened(listed.reference, "kajaani")
    assert {key: record.answers[key].value for key in SHORT} == KEPT


async def test_nothing_is_half_sent(disk: Disk) -> None:
    """«Send» on a full disk: no record, no receipt, the draft stays. Then one record, once."""
    async with Visitor(disk.service.url, "ckb") as visitor:
        await visitor.begin()
        await visitor.answer_until("")
        disk.fill()
        sent = message('/answer{"do": "send"}')
        is_told_calmly(await visitor.send(sent), "ckb")
        disk.free()
        assert records(disk).listed("kajaani") == []
        first, again = await visitor.send(sent), await visitor.send(sent)
        assert first.asked == again.asked == "assessment_sent"
    assert len(records(disk).listed("kajaani")) == 1


async def test_a_beginning_without_room_begins_when_there_is(disk: Disk) -> None:
    """Somebody new, whose first message finds no room: no dead end, no half conversation."""
    async with Visitor(disk.service.url, "so") as visitor:
        disk.fill()
        sent: Message = message("/start_assessment")
        is_told_calmly(await visitor.send(sent), "so")
        disk.free()
        assert (await visitor.send(sent)).asked == "assessment_intro"
        page = await visitor.press('/answer{"do": "start_short"}')
        assert page.asked == "N2"
        assert (await visitor.press(button("N2", "self"))).asked == "A1"


@pytest.mark.parametrize("disk", ["limit"], indirect=True)
@pytest.mark.parametrize(
    ("before", "pressed", "told"),
    [
        ("K2", button("K2", "no_bed"), "assessment_go_on"),
        ("K2", '/answer{"do": "pause", "about": "K2"}', "assessment_link"),
        ("", '/answer{"do": "send"}', "assessment_sent"),
    ],
    ids=["danger", "pause", "send"],
)
async def test_wherever_in_a_turn_the_room_ends(
    disk: LimitedFiles, before: str, pressed: str, told: str
) -> None:
    """Room for none, one, two … pages: whatever a turn had written, sent again it is whole."""
    outcomes = set()
    for pages in ROOM:
        async with Visitor(disk.service.url, "en") as visitor:
            await visitor.begin()
            await visitor.answer_until(before)
            disk.empty_log()
            disk.limit(LOG_HEADER + pages * LOG_PAGE)
            sent = message(pressed)
            outcomes.add((await visitor.send(sent)).status)
            disk.free()
            page = await visitor.send(sent)
            assert page.asked == told, pages
            assert told != "assessment_go_on" or "tel:112" in page.text
    assert outcomes == {200, 503}  # else the rooms are too small or too large
    sendings = len(ROOM) if told == "assessment_sent" else 0
    assert len(records(disk).listed("kajaani")) == sendings
