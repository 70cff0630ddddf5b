"""The call centre's side of activation: find the person, read the file, act with a reason."""

from activation.admin import files

__all__ = ["files"]
