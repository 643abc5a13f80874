"""What is on the screen: widgets that show a snapshot and emit what a person asks for."""
