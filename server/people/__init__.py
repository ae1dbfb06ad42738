"""Who asks: people with passwords, devices and programs with tokens, and what each may do."""
