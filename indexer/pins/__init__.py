"""What editors pin to lists of trends or hide from them, for a time."""
