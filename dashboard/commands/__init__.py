"""What each command does, one module an idea: settings and arguments in, lines out, an exit status back."""
