"""The command line. `--help` answers at once: what a command needs is imported when it runs."""
