"""What is kept: conversations, transcripts, ratings; and when it is deleted."""
