"""What can be taken out of the program: a registry of formats, none of which needs a window."""
