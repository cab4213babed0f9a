"""``serve``: the service."""

from __future__ import annotations

import argparse
import logging
import threading
from typing import Any

from aiohttp import web


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="start the service")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    from bot.app import create_app
    from bot.composition import build_replies, load_occupation_meanings, settings

    chosen = settings()
    logging.basicConfig(level=chosen.log_level, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)  # addresses are personal data
    for chatty in ("alembic", "weasyprint", "fontTools"):  # each step of theirs
        logging.getLogger(chatty).setLevel(logging.WARNING)
    threading.Thread(target=load_occupation_meanings, daemon=True).start()
    try:
        app = create_app(chosen, build_replies())
        web.run_app(app, host=chosen.host, port=chosen.port, print=lambda *_: _greet(chosen.port))
    except OSError as error:
        print(f"error: cannot listen on {chosen.host}:{chosen.port} ({error.strerror})")
        return 1
    return 0


def _greet(port: int) -> None:
    address = f"http://localhost:{port}"
    print(f"Silta is running.\n  chat    {address}/\n  widget  {address}/widget.js")
    print(f"  desk    {address}/desk\n  api     {address}/webhooks/rest/webhook")
    print("Stop it with Ctrl-C.", flush=True)
