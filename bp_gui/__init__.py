"""The backpropagation explorer: see, change and check every number of a small network."""

__version__ = "0.1.0"
