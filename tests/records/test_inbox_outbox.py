"""Messages of messaging apps: accepted once, worked in order, never lost, forgotten in time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.records.database import now
from bot.records.inbox import Inbox, Received
from bot.records.messaging_people import People
from bot.records.messaging_queues import queues
from bot.records.messaging_tables import inbox, outbox, people, secrets
from bot.records.outbox import Outbox
from bot.records.pseudonyms import Pseudonyms
from bot.records.resealing import reseal
from bot.records.retention import purge_messaging
from bot.records.vault import Key, Vault, open_vault, write_keys
from bot.records.web_links import WebLinks

PART = {"text": "a", "form": "", "choices": [], "opener": ""}


class Mail:
    """Both queues, as one process has them. ``lease=0`` is a process that has just died."""

    def __init__(self, engine: sa.engine.Engine, vault: Vault, lease: float = 60.0) -> None:
        names = Pseudonyms(engine, vault)
        self.engine = engine
        self.people = People(engine, vault, names)
        self.outbox = Outbox(engine, vault, lease)
        self.inbox = Inbox(engine, vault, names, self.people, self.outbox, lease)

    def accept(
        self, person: str, delivery: str, position: float = 1.0, limited: bool = True
    ) -> bool:
        body = {"kind": "text", "text": delivery, "language": ""}
        return self.inbox.accept("telegram", person, delivery, position, body, limited)

    def queues(self) -> dict[str, int]:
        return {queue.name: queue.length for queue in queues(self.engine)}

    def claim(self, limit: int = 10) -> list[Received]:
        return self.inbox.claim(["telegram"], limit)

    def texts(self) -> list[str]:
        return [received.body["text"] for received in self.claim()]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def mail(database: sa.engine.Engine, keys: Path) -> Mail:
    return Mail(database, open_vault("", keys))


@pytest.fixture
def dying(database: sa.engine.Engine, keys: Path, mail: Mail) -> Mail:
    return Mail(database, open_vault("", keys), lease=-1.0)


def test_a_delivery_is_accepted_once(mail: Mail) -> None:
    assert [mail.accept("7", "a"), mail.accept("7", "a"), mail.accept("8", "b")] == [
        True,
        False,
        True,
    ]


def test_one_message_of_a_person_at_a_time_in_the_vendors_order(mail: Mail) -> None:
    mail.accept("7", "second", 2.0)
    mail.accept("7", "first", 1.0)
    mail.accept("8", "other", 9.0)
    first, other = sorted(mail.claim(), key=lambda received: str(received.body["text"]))
    assert (first.body["text"], other.body["text"]) == ("first", "other")
    assert mail.claim() == []
    assert mail.inbox.finish(first, [], {})
    assert mail.texts() == ["second"]


def test_a_message_that_is_too_early_while_another_is_answered_waits(mail: Mail) -> None:
    mail.accept("7", "second", 2.0)
    (second,) = mail.claim()
    mail.accept("7", "first", 1.0)
    assert mail.claim() == []
    mail.inbox.finish(second, [], {})
    assert mail.texts() == ["first"]


def test_a_dead_workers_message_is_taken_again_and_answered_once(mail: Mail, dying: Mail) -> None:
    mail.accept("7", "a")
    (lost,) = dying.claim()
    (again,) = mail.claim()
    assert again.delivery == lost.delivery
    assert mail.inbox.finish(again, [PART, PART], {})
    assert not dying.inbox.finish(lost, [PART, PART], {})  # it was not dead, only slow
    assert mail.queues() == {"waiting": 2}


def test_a_failed_message_comes_again_later_and_keeps_the_others_waiting(mail: Mail) -> None:
    mail.accept("7", "first", 1.0)
    mail.accept("7", "second", 2.0)
    (first,) = mail.claim()
    mail.inbox.postpone(first, 0.0, failed=True)
    (again,) = mail.claim()
    assert (again.body["text"], again.attempts) == ("first", 1)
    mail.inbox.postpone(again, 600.0, failed=True)
    assert mail.claim() == []


def test_a_flood_of_one_person_is_cut_off_and_told_once(mail: Mail) -> None:
    for number in range(40):
        assert mail.accept("7", str(number), float(number))
    assert mail.accept("8", "other")
    assert mail.queues() == {"unanswered": 32}
    kinds = []
    while claimed := mail.claim():
        for received in claimed:
            kinds.append(received.body["kind"])
            mail.inbox.finish(received, [], {})
    assert kinds.count("many") == 1
    assert mail.accept("7", "later", 99.0)
    assert mail.texts() == ["later"]


def test_what_must_be_heard_is_kept_within_a_flood_which_is_still_told_once(mail: Mail) -> None:
    for number in range(30):
        mail.accept("7", str(number), float(number))
    mail.accept("7", "stop", 30.0, limited=False)
    for number in range(31, 40):
        mail.accept("7", str(number), float(number))
    mail.accept("7", "stop again", 40.0, limited=False)
    heard = []
    while claimed := mail.claim():
        for received in claimed:
            heard.append(str(received.body["text"] or received.body["kind"]))
            mail.inbox.finish(received, [], {})
    assert heard == [*map(str, range(30)), "stop", "many", "stop again"]


def test_parts_go_out_in_order(mail: Mail) -> None:
    mail.accept("7", "a")
    (received,) = mail.claim()
    mail.inbox.finish(received, [{**PART, "text": str(n)} for n in range(3)], {"language": "fi"})
    seen = []
    for _ in range(3):
        (part,) = mail.outbox.claim(["telegram"], 10)
        seen.append(part.body["text"])
        assert mail.outbox.claim(["telegram"], 10) == []
        mail.outbox.sent(part.key)
    assert seen == ["0", "1", "2"]
    assert mail.queues() == {}
    person = mail.people.get(received.person)
    assert person and (person.address, person.state) == ("7", {"language": "fi"})


def test_what_a_dead_process_was_sending_is_in_doubt_and_sent_again(
    mail: Mail, dying: Mail
) -> None:
    mail.accept("7", "a")
    (received,) = mail.claim()
    mail.inbox.finish(received, [PART], {})
    (lost,) = dying.outbox.claim(["telegram"], 10)
    (again,) = mail.outbox.claim(["telegram"], 10)
    assert (lost.in_doubt, again.in_doubt, again.key) == (False, True, lost.key)


def test_what_the_vendor_confirms_is_not_sent_again(mail: Mail, dying: Mail) -> None:
    mail.accept("7", "a")
    (received,) = mail.claim()
    mail.inbox.finish(received, [PART], {})
    (lost,) = dying.outbox.claim(["telegram"], 10)
    mail.outbox.confirmed(lost.key)
    assert mail.outbox.claim(["telegram"], 10) == []


def test_dead_letters_are_listed_without_content_and_can_be_tried_again(mail: Mail) -> None:
    mail.accept("7", "a")
    (received,) = mail.claim()
    mail.inbox.finish(received, [PART], {})
    (part,) = mail.outbox.claim(["telegram"], 10)
    mail.outbox.bury(part.key, "permanent")
    assert mail.outbox.claim(["telegram"], 10) == []
    (dead,) = mail.outbox.dead()
    assert (dead.channel, dead.failure, dead.attempts) == ("telegram", "permanent", 1)
    assert mail.outbox.revive() == 1
    assert len(mail.outbox.claim(["telegram"], 10)) == 1


def test_what_is_held_is_sent_when_the_person_writes_again(mail: Mail) -> None:
    mail.accept("7", "a")
    (received,) = mail.claim()
    mail.inbox.finish(received, [PART], {})
    (part,) = mail.outbox.claim(["telegram"], 10)
    mail.outbox.hold(part.person)
    assert mail.outbox.claim(["telegram"], 10) == []
    mail.accept("7", "b")
    assert len(mail.outbox.claim(["telegram"], 10)) == 1


def test_who_is_forgotten_still_gets_the_last_answer(mail: Mail) -> None:
    mail.accept("7", "a")
    (received,) = mail.claim()
    mail.inbox.finish(received, [PART], None)
    assert mail.people.get(received.person)
    (part,) = mail.outbox.claim(["telegram"], 10)
    mail.outbox.sent(part.key)
    assert mail.people.get(received.person) is None


def test_nothing_in_the_tables_can_be_read(mail: Mail) -> None:
    mail.accept("358401234567", "wamid.secret-id")
    (received,) = mail.claim()
    mail.inbox.finish(received, [{**PART, "text": "kukkuluuruu"}], {"language": "fi"})
    mail.accept("358401234567", "hidden words")
    with mail.engine.connect() as connection:
        tables = (people, inbox, outbox, secrets)
        everything = str([connection.execute(sa.select(table)).all() for table in tables])
    for word in ("358401234567", "wamid", "kukkuluuruu", "hidden"):
        assert word not in everything


def test_old_things_are_deleted(mail: Mail) -> None:
    mail.accept("7", "a")
    (received,) = mail.claim()
    mail.inbox.finish(received, [PART], {})
    purge_messaging(mail.engine, 7, at=now() + 6 * 86_400)
    assert mail.queues()
    purge_messaging(mail.engine, 7, at=now() + 8 * 86_400)
    purge_messaging(mail.engine, 7, at=now() + 8 * 86_400)
    with mail.engine.connect() as connection:
        for table in (people, inbox, outbox):
            assert connection.execute(sa.select(table)).all() == []


def test_a_change_of_keys_takes_everything_along(mail: Mail, keys: Path) -> None:
    """The same person keeps her name; what waits can still be sent."""
    mail.accept("7", "a")
    (received,) = mail.claim()
    mail.inbox.finish(received, [PART], {})
    mail.accept("7", "b", 2.0)
    write_keys(keys, [Key.new(), *open_vault("", keys).keys])
    assert reseal(mail.engine, open_vault("", keys)) == 5
    write_keys(keys, open_vault("", keys).keys[:1])
    later = Mail(mail.engine, open_vault("", keys))
    assert later.people.name("telegram", "7") == received.person
    assert later.outbox.claim(["telegram"], 10)[0].body == PART
    assert later.texts() == ["b"]


@pytest.fixture
def links(database: sa.engine.Engine, keys: Path) -> WebLinks:
    return WebLinks(database, Pseudonyms(database, open_vault("", keys)))


def test_a_link_to_the_web_works_once(links: WebLinks) -> None:
    token = links.new("so", "/start_assessment")
    seen = links.look(token)
    assert seen and (seen.language, seen.begin, seen.fresh) == ("so", "/start_assessment", True)
    assert [links.use(token), links.use(token)] == [True, False]
    used = links.look(token)
    assert used and not used.fresh


def test_a_link_to_the_web_ends_after_an_hour(
    links: WebLinks, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = links.new("so", "/start_assessment")
    later = now() + 3601
    monkeypatch.setattr("bot.records.web_links.now", lambda: later)
    seen = links.look(token)
    assert seen and not seen.fresh
    assert not links.use(token)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token[:-2] + ("AA" if token[-2:] != "AA" else "BA"),
        lambda token: "A" + token[1:] if token[0] != "A" else "B" + token[1:],
        lambda token: token + "A" * 100,
        lambda token: "ä" * 43,
        lambda token: "../../etc/passwd",
    ],
)
def test_a_link_that_is_none_of_ours_leads_nowhere(
    links: WebLinks, spoil: Callable[[str], str]
) -> None:
    token = spoil(links.new("so", "/start_assessment"))
    assert links.look(token) is None
    assert not links.use(token)
