"""What is kept: conversations, transcripts, ratings, accounts, the log; and when it is deleted."""

# Known to the metadata before any database is opened, so that the tables are made.
from bot.records import desk_tables as desk_tables
from bot.records import messaging_tables as messaging_tables
