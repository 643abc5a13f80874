"""The table of parameters: its rows, how they are painted and edited, and the table itself."""
