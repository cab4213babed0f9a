"""A signed webhook of our own, by which any other gateway can be joined: docs/channels.md."""
