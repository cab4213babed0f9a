"""Languages: which there are, what is said in them, and how it is written."""
