"""From keys and parameters to the words, blocks and buttons of a reply, in one language."""
