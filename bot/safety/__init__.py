"""What is unsafe in a set-up: facts about it, rules that are data, findings."""
