"""The clerk's desk: sign in, pick a counter, call, serve."""
