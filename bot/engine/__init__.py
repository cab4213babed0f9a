"""The only room that runs Rasa: agent, in-process actions, tracker store, replies, tuning."""
