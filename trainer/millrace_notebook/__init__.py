"""
Versions, scores and partitions of a Millrace in a notebook; `connect()` is the way in.

A package beside the trainer, not in it: the digest of the trainer's code is part of every training, and reading must
not change it.
"""

from .client import Millrace, connect
from .errors import MillraceError
from .model import ModelVersion

__all__ = ["Millrace", "MillraceError", "ModelVersion", "connect"]
