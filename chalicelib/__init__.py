"""Redress: after-sales complaint handling for online shops."""

__version__ = "0.1.0"
