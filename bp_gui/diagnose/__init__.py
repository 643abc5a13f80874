"""Where somebody's numbers go wrong: known mistakes, a reader of numbers and a search.

`problem` says what the next update starts from, `algorithm` computes it step by step, `catalogue`
holds the known mistakes as changes of those steps. `reading` and `labels` make sense of pasted
text, `matching` finds out which quantities it gives, and `diagnosis` compares and searches.
"""
