"""Gives every end-to-end test the fixtures of tests/support, and English messages."""
import os

from support.fixtures import *  # noqa: F401,F403

# Independent of the language of the user who runs the tests; tests of languages choose their own.
os.environ["LANGUAGE"] = "en"
