"""The web chat's routes and what they need."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

from bot.assets import load_assets
from bot.channels.web import copies, go, news, receipts, views
from bot.channels.web.attempts import Attempts
from bot.channels.web.faults import calm
from bot.channels.web.pages import Pages
from bot.keys import REPLIES, SETTINGS
from bot.locks import Locks

STATIC = Path(__file__).parent / "static"


def add_web_chat(app: web.Application) -> None:
    """Add the page, its form, its files and the widget to the application."""
    app[views.ASSETS] = load_assets(STATIC)
    settings = app[SETTINGS]
    terms = (settings.max_message, settings.responsible_person)
    app[views.PAGES] = Pages(app[REPLIES], app[views.ASSETS], *terms)
    app[views.DELIVERIES] = Locks()
    app[copies.ATTEMPTS] = Attempts()
    app[copies.PRINTING] = asyncio.Semaphore(1)
    routes = (
        web.get("/", views.page),
        web.post("/chat", views.chat),
        web.get("/conversation.txt", views.saved),
        web.get("/answers", copies.page),
        web.post("/answers", copies.page),
        web.get("/answers.txt", copies.text),
        web.post("/answers.txt", copies.text),
        web.get("/answers.pdf", copies.pdf),
        web.post("/answers.pdf", copies.pdf),
        web.get("/receipt", receipts.receipt),
        web.post("/receipt", receipts.receipt),
        web.get("/meeting", receipts.meeting),
        web.get("/resume", receipts.resume),
        web.post("/resume", receipts.resume),
        web.get("/go/{token}", go.show),
        web.post("/go/{token}", go.use),
        web.get("/talk/news", news.news),
        web.get("/widget.js", views.widget),
        web.get("/static/{name}", views.static),
    )
    app.add_routes([calm(route) for route in routes])
