"""What editors decided about names, and what follows from it."""
