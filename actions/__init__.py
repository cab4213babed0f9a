"""Custom actions: each decides which reply to give; words are found by bot/engine/nlg.py."""
