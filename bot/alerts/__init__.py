"""Alerts by e-mail to caseworkers: a reference and a level, never content."""
