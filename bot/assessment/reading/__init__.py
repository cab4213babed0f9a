"""From a person's words to the value of an answer: one reader for each kind of question."""
