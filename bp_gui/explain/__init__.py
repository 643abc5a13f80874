"""What the numbers mean: formulas, words and notation as data. No Qt."""
