"""What the program knows at one moment, and every way to change it. No Qt."""
