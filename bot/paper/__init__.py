"""Summaries on paper: PDF in every script."""
