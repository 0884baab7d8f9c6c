"""Gives every end-to-end test the fixtures of tests/support, and the language in which they are written."""
import os

from support.fixtures import *  # noqa: F401,F403

# Whatever whoever runs them speaks; tests of languages choose their own.
os.environ["LANGUAGE"] = "en"
