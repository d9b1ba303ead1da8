"""What goes wrong in practice, looked for: the machine, the settings, the database; each with what to do."""
