"""The files that a command loads before it does anything."""
import os
import subprocess

from support import paths


def libraries(feed, *arguments):
    """The files that the dynamic loader opened."""
    done = subprocess.run([paths.TOOL, "--config", feed.workspace.config, *arguments],
                          env=os.environ | {"LD_DEBUG": "files"}, capture_output=True, text=True, timeout=60)
    assert "libc.so" in done.stderr
    return done.stderr


def test_a_command_that_fetches_nothing_does_not_load_libcurl(feed):
    feed.publish_orders("B-1")
    assert "libcurl" not in libraries(feed, "explain", "b-1.example")


def test_a_feed_on_the_web_is_fetched_by_libcurl(feed, nginx_of):
    feed.publish_orders("B-1")
    nginx_of()
    assert "libcurl" in libraries(feed, "sync")
