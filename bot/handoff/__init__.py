"""A talk of a newcomer with a caseworker: its states, its rules, and how it is shown."""
