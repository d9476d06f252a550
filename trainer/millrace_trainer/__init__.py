"""Trains, evaluates and exports one model from one training frame."""

__version__ = "1.0.0"
