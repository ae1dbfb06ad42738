"""The touchscreen in the hall."""
