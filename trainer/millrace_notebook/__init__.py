"""
Reads versions, scores and partitions of a Millrace in a notebook. Start with `connect()`.

The package is separate from the trainer because the digest of the trainer's code is part of every training: a change to
the notebook must not change that digest.
"""

from .client import Millrace, connect
from .errors import MillraceError
from .model import ModelVersion

__all__ = ["Millrace", "MillraceError", "ModelVersion", "connect"]
