"""Formulas set as in print, painted by QPainter at any size, with parts that can be clicked.

`Typesetter` turns the nodes of `bp_gui.explain.mathematics` into boxes by TeX's rules, `Picture`
gathers what a box paints, and `Sheet` shows headings, prose and equations in a column.
"""
