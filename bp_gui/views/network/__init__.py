"""The network as a node graph: layout, picture, editors."""
