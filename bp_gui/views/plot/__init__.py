"""The cost curve: the only place that imports pyqtgraph."""
