"""Long tests that make targets run in full and the suite runs in small."""
