"""The readiness dashboard of Vietnam's communes."""
