"""The touchscreen in the hall: its page, its script, and the few routes only it needs."""
