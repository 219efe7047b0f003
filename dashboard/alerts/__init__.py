"""Alerts as messages: a digest in plain words, and the two ways by which it leaves the house."""
