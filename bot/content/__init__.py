"""What Silta knows: topics, contacts and the answers to danger, as checked data."""
