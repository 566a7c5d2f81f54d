"""TensorFlow without its start-up notes on stderr, which would drown the one line that is meant for the user."""

import os
import sys


def hush() -> None:
    """Import TensorFlow; what it writes to the file descriptor of stderr meanwhile is dropped, exceptions are not.

    Its C++ notes come before any Python code of it could be asked to be silent.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if "tensorflow" in sys.modules:
        return
    try:
        kept = os.dup(2)
    except OSError:
        import tensorflow

        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        import tensorflow  # noqa: F401
    finally:
        os.dup2(kept, 2)
        os.close(nothing)
        os.close(kept)
