"""One file a peer: a child process that trains as told and times itself; see serve.py."""
