"""Run a function over hostile bytes in a child process with hard limits.

Python cannot interrupt C code, and a decoder that runs away takes its process with it: so page reading, taking
pages out of files and judging signatures each happen in a child that this package starts, bounds and kills.
Connections to servers of others are bounded beside it (`confine.connections`).
"""

from confine.child import CHILD_NOTE
from confine.ends import ends_rejected
from confine.parent import Confined, Died, Keeper, Limits, OutOfMemory, TimedOut

__all__ = ["CHILD_NOTE", "Confined", "Died", "Keeper", "Limits", "OutOfMemory", "TimedOut", "ends_rejected"]
