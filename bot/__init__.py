"""Silta: guidance for newcomers in their own language, and a bridge to a caseworker."""
