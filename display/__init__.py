"""The board on the wall and its voice."""
