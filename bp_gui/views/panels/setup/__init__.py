"""The page on which a network and its training are put together, a file for each section."""
