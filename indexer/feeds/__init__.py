"""The feeds that are followed: their list, when each is due, and the polling of them."""
