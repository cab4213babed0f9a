"""Telegram: the Bot API, by webhook or by asking for updates.

https://core.telegram.org/bots/api
"""
