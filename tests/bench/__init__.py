"""The benchmark: Silta beside an ordinary Rasa, on the same machine, in one run."""
