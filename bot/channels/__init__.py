"""The ways in: each channel a folder that knows no other."""
