"""What runs in the contenders' processes.

These modules may be run by a peer's own Python, which has none of our packages: at the top they import the standard
library only, and what the peer brings.
"""
