"""Alerts: who came to be in the news far more than usual, when, and why that is said."""
