"""A newcomer and a worker, each at a page of their own, through the whole service."""

from __future__ import annotations

import html
import re

import sqlalchemy as sa

from bot.keys import TALKS, TRANSCRIPTS
from bot.records.database import open_database
from tests.desk.conftest import Browser
from tests.handoff.conftest import MORNING, NIGHT, House, Newcomer

HELP = "Waxaan u baahanahay caawimaad"


async def test_asked_at_night_in_somali_answered_in_the_morning_by_phrase_book(
    house: House,
) -> None:
    person = await _left_at_night(house)
    house.at(MORNING)
    worker = await house.worker()
    talk = await _taken(house, worker)
    found = await worker.get(f"{talk}/phrases?q=tarvitsetko tulkin")
    assert "Tarvitsetko tapaamiseen tulkin?" in found
    for _ in range(2):  # a nervous click: one message
        await worker.get(talk)
        await worker.post(f"{talk}/phrase", phrase="need_interpreter", delivery="one")
    assert "ei vielä henkilön sivulla" in worker.page

    page = await person.look()
    asked = house.say("Do you need an interpreter at the appointment?", "so")
    assert page.count(asked) == 1
    assert "Tarvitsetko tapaamiseen tulkin?" in page  # the Finnish beside it
    await worker.get(talk)
    assert "Näkyy henkilön sivulla" in worker.page
    await person.press_titled(house.say("Yes", "so"))
    await worker.get(talk)
    assert '<p class="mine" lang="fi" dir="ltr">Kyllä</p>' in worker.page
    await _own_words_and_end(house, person, worker, talk)


async def _left_at_night(house: House) -> Newcomer:
    """She asks at night, tells her phone number and writes a message."""
    house.at(NIGHT)
    person = await house.newcomer("so")
    page = await person.press("/handoff")
    assert house.say("The office is closed now. You can leave a message here.", "so") in page
    assert "09:00" in page or "9:00" in page  # when the office opens
    await person.press('/talk{"do": "phone"}')
    page = await person.write("12")
    assert house.say("Choose another way", "so") in page
    page = await person.write("040 123 4567")
    assert house.say("My message is ready", "so") in page
    assert "123 4567" not in page  # her contact is not repeated on the page
    await person.write(HELP)
    page = await person.press('/talk{"do": "ready"}')
    assert house.say("Until then I answer you again.", "so") in page
    page = await person.press('/ask{"topic": "health_services"}')
    assert "terveysasema" in page  # the bot answers while nobody is at work
    return person


async def _taken(house: House, worker: Browser) -> str:
    """The worker finds her message and takes it; returns the talk's address."""
    line = await worker.get("/desk/talks")
    talk = re.findall(r'href="(/desk/talks/t-[0-9a-f]+)"', line)
    assert len(talk) == 1
    await worker.get(talk[0])
    assert HELP in worker.page
    assert "040 1234567" in html.unescape(worker.page)
    await worker.post(f"{talk[0]}/take")
    return talk[0]


async def _own_words_and_end(house: House, person: Newcomer, worker: Browser, talk: str) -> None:
    """Free text goes unchanged and says so; the talk ends and is rated."""
    await worker.post(f"{talk}/say", text="Nähdään huomenna.", delivery="two")
    news = await person.news()
    assert house.say("This text is in Finnish.", "so") in news
    assert "Nähdään huomenna." in news
    assert '<p lang="fi"' in news
    await worker.get(talk)
    await worker.post(f"{talk}/end")
    page = await person.look()
    assert house.say("Did the talk help you?", "so") in page
    await person.press('/talk{"do": "helped"}')
    await worker.get(talk)
    assert "Henkilö kertoi, että keskustelu auttoi." in worker.page


async def test_in_hours_she_waits_and_the_bot_keeps_silent_but_for_danger(house: House) -> None:
    house.at(MORNING)
    first, person = await house.newcomer("fi"), await house.newcomer("fi")
    await first.press("/handoff")
    house.at(MORNING + 1)
    page = await person.press("/handoff")
    assert "Numerosi jonossa on 2." in page
    page = await person.write("Missä on terveysasema?")
    assert "Ihminen näkee viestisi." in page
    assert "Lähteet" not in page  # no answer of the bot
    await first.press('/talk{"do": "back"}')
    assert "Numerosi jonossa on 1." in await person.news()
    page = await person.write("Mieheni hakkaa minua, pelkään että hän tappaa minut")
    assert page.index("112") > page.rindex("hakkaa")  # the number comes at once
    page = await person.press("/handoff")
    assert "Numerosi jonossa on 1." in page

    worker = await house.worker()
    line = await worker.get("/desk/talks/rows")
    assert "Puhui vaarasta" in line
    (talk,) = re.findall(r'href="(/desk/talks/t-[0-9a-f]+)"', line)
    await worker.get(talk)
    await worker.post(f"{talk}/take")
    assert "ei ole antanut lupaa" in worker.page
    assert "Kirjoitat nyt ihmisen kanssa." in await person.news()
    written = await person.write("Kiitos, odotan")
    assert written.rindex("Kiitos, odotan") > written.rindex("Kirjoitat nyt ihmisen kanssa.")
    await worker.get(f"{talk}/messages?typing=1")
    assert "Kiitos, odotan" in worker.page
    assert "Ihminen kirjoittaa…" in await person.news()
    await person.news(typing="1")
    assert "Henkilö kirjoittaa…" in await worker.get(f"{talk}/messages")
    page = await person.press('/talk{"do": "back"}')
    assert "vastaan sinulle taas" in page
    assert "Missä" not in await worker.get(f"{talk}/phrases")
    page = await person.write("Missä on terveysasema?")
    last = re.findall(r'<article class="silta (\w+)"', page)[-1]
    assert not last.startswith("talk")  # the bot is back


async def test_what_was_written_before_is_shown_only_if_she_agreed(house: House) -> None:
    house.at(MORNING)
    person, worker = await house.newcomer("fi"), await house.worker()
    await person.write("Mistä löydän asunnon?")
    await person.press("/handoff")
    line = await worker.get("/desk/talks")
    (talk,) = re.findall(r'href="(/desk/talks/t-[0-9a-f]+)"', line)
    assert "Mistä löydän asunnon?" not in await worker.get(f"{talk}?history=1")
    await person.press('/talk{"do": "show"}')
    assert "Mistä löydän asunnon?" in await worker.get(f"{talk}?history=1")
    await person.press('/talk{"do": "hide"}')
    assert "Mistä löydän asunnon?" not in await worker.get(f"{talk}?history=1")


async def test_asked_by_words_she_is_asked_once_so_that_no_slip_silences_the_bot(
    house: House,
) -> None:
    house.at(MORNING)
    person = await house.newcomer("en")
    page = await person.write("I want to talk to a real person please")
    assert "You can talk with a person here." in page
    assert await house_queue(house) == 0
    await person.press("/handoff")
    assert await house_queue(house) == 1


async def house_queue(house: House) -> int:
    return len(house.app[TALKS].listed("kajaani"))


async def test_nothing_of_a_talk_is_readable_in_the_database_or_the_tracker(
    house: House,
) -> None:
    """Messages and contact are sealed; the engine never got them."""
    house.at(NIGHT)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    await person.press('/talk{"do": "email"}')
    await person.write("leila@esimerkki.fi")
    await person.write("Kukkuluuruu on salaisuus")
    assert "Kukkuluuruu" in await person.look()
    engine = open_database(house.app[TALKS]._engine.url.render_as_string())
    with engine.connect() as connection:
        for table in sa.inspect(engine).get_table_names():
            whole = sa.Table(table, sa.MetaData(), autoload_with=engine)
            rows = str(connection.execute(sa.select(whole)).all())
            assert "Kukkuluuruu" not in rows, table
            assert "esimerkki" not in rows, table
    engine.dispose()


async def test_deleting_the_conversation_deletes_the_talk(house: House) -> None:
    house.at(MORNING)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    await person.write("Hei")
    await person.press("/delete_data")
    await person.press("/confirm_delete")
    assert await house_queue(house) == 0


async def test_a_message_that_comes_twice_is_one_and_news_repeat_nothing_old(
    house: House,
) -> None:
    house.at(MORNING)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    await person.write("Hei vaan", delivery="same")
    page = await person.write("Hei vaan", delivery="same")
    assert page.count("Hei vaan") == 1
    (talk,) = house.app[TALKS].open()
    assert [m.body["text"] for m in house.app[TALKS].messages.of(talk.id)] == ["Hei vaan"]
    assert house.app[TRANSCRIPTS].latest(talk.sender, 9)[-2].talk is not None


async def test_a_worker_of_another_municipality_sees_nothing(house: House) -> None:
    house.at(MORNING)
    person = await house.newcomer("fi")
    await person.press("/handoff")
    (talk,) = house.app[TALKS].open()
    stranger = await house.worker("olli.outo", "sotkamo")
    assert talk.id not in await stranger.get("/desk/talks")
    for path in ("", "/messages", "/phrases"):
        await stranger.get(f"/desk/talks/{talk.id}{path}")
        assert stranger.status == 404, path
    await stranger.get("/desk/talks")
    await stranger.post(f"/desk/talks/{talk.id}/take")
    assert stranger.status == 404
