"""The desk's own files."""

from __future__ import annotations

from aiohttp import web

from bot.assets import Asset, asset_response
from bot.desk.call import Call
from bot.records.advance import NotFound

ASSETS: web.AppKey[dict[str, Asset]] = web.AppKey("desk_assets", dict)


def static(call: Call) -> web.Response:
    """A file of the desk's pages. It may be kept: it says nothing of anybody."""
    asset = call.request.app[ASSETS].get(call.part("name"))
    if asset is None:
        raise NotFound
    return asset_response(asset, call.request)
