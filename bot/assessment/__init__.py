"""Advance information: questions as data; walked, read, summarised. Pure: stores nothing."""
