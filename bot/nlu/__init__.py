"""Understanding: which language, which topic, is there danger."""
