"""Forms for offices to fill in: their headings are the readers' own, so that nothing has to be guessed."""
