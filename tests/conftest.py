"""Gives every end-to-end test the fixtures of tests/support."""
from support.fixtures import *  # noqa: F401,F403
