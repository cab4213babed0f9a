"""Viber: the REST bot API.

https://developers.viber.com/docs/api/rest-bot-api/
"""
