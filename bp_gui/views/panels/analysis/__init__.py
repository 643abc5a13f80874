"""Panels about what would be if: the cost along a quantity, a check of all gradients."""
