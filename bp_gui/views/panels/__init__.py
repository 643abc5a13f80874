"""The panels beside the graph, one file a panel."""
