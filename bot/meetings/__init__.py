"""Meetings as calendars take them."""
