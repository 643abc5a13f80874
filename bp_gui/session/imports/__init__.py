"""What can be brought into the program: weights, configurations and shared text.

Nothing read here is trusted: sizes are checked before anything is unpacked, no pickle is ever
read, and there is one kind of error.
"""
