"""Joins the bot, the talks and the office: the turn that channels call goes through here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import TimeoutError as FutureTimeout

import aiohttp
from aiohttp import web

from bot.composition import phrases, talks, working_hours
from bot.desk.talking import Talking
from bot.engine.engine import Engine
from bot.handoff.interpreting import Interpreter, Translate
from bot.handoff.office import Office
from bot.handoff.parts import Parts
from bot.handoff.router import Router
from bot.handoff.rules import Patience
from bot.handoff.showing import Showing
from bot.handoff.talk import WEB
from bot.handoff.translation import LibreTranslate
from bot.handoff.watch import Watch, watch_regularly
from bot.keys import OFFICE, REPLIES, SETTINGS, SHOWING, TALKS, TRANSCRIPTS, TRANSLATE, TURN
from bot.messaging.carrying import Speak, Spoken
from bot.messaging.running import MESSAGING
from bot.records import database
from bot.records.talks import Message

TRANSLATION_WAIT = 8  # seconds
BOT = web.AppKey("bot", Engine)


async def running_talks(app: web.Application) -> AsyncIterator[None]:
    """Talks with caseworkers, from opening to closing."""
    settings, replies = app[SETTINGS], app[REPLIES]
    kept = talks()
    terms = (settings.talk_days, database.now)
    office = Office(settings.municipality, working_hours(), kept, *terms)
    app[TALKS], app[OFFICE] = kept, office
    app[SHOWING] = Showing(replies, phrases())
    async with aiohttp.ClientSession() as session:
        translate = None
        if settings.translation_url:
            key = settings.translation_key
            translate = LibreTranslate(session, settings.translation_url, key)
        app[TRANSLATE] = translate
        interpreter = Interpreter(translate, kept) if translate else None
        parts = Parts(app[BOT], kept, replies, phrases(), office, interpreter)
        app[TURN] = Router(parts, settings.max_message, {WEB, *app[MESSAGING]}).turn
        patience = Patience(settings.talk_late_minutes, settings.talk_away_minutes)
        watching = asyncio.create_task(watch_regularly(Watch(kept, office, patience)))
        yield
        watching.cancel()
        if interpreter:
            await interpreter.close()


def speaking_in_apps(app: web.Application) -> Speak:
    """What gives the words of a talk's message as they go to the person's app."""
    kept, showing = app[TALKS], app[SHOWING]

    def speak(message: Message) -> Spoken | None:
        talk = kept.by_id(message.talk)
        reply = showing.in_app(message, talk.language) if talk else None
        return Spoken(talk.sender, talk.channel, reply) if talk and reply else None

    return speak


def talking_of(app: web.Application) -> Talking:
    """What the desk needs for talks. Its handlers run in threads; the service asks for them."""
    settings, translate = app[SETTINGS], app[TRANSLATE]
    patience = Patience(settings.talk_late_minutes, settings.talk_away_minutes)
    stores = (app[TALKS], app[TRANSCRIPTS], phrases(), app[OFFICE], patience)
    return Talking(*stores, _from_thread(translate) if translate else None)


def _from_thread(translate: Translate) -> Callable[[str, str, str], str]:
    loop = asyncio.get_running_loop()

    async def ask(*asked: str) -> str:
        return await translate(*asked)

    def wait(text: str, source: str, target: str) -> str:
        answer = asyncio.run_coroutine_threadsafe(ask(text, source, target), loop)
        try:
            return answer.result(TRANSLATION_WAIT)
        except FutureTimeout:
            return ""

    return wait
