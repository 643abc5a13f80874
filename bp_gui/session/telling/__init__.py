"""How each phase of the film is told."""
