"""A ministry's feed behind a server, and the ISP following it there."""
from support.database import dump
from support.feeds import Feed
from support.rude import reply
from support.tool import DONE, Result
from support.webserver import Authority


def follow(feed: Feed, url: str, ca: Authority, **options) -> None:
    """One attempt, unless a test asks for more: a failure must come at once."""
    feed.follow(url, **{"ca_file": str(ca.certificate), "timeout_seconds": 30, "retries": 0, **options})


def from_disk(feed: Feed, path: str) -> bytes:
    """The answer of a good server."""
    file = feed.directory / path.lstrip("/")
    return reply("200 OK", file.read_bytes()) if file.is_file() else reply("404 Not Found", b"<html>no</html>",
                                                                           "Content-Type: text/html")


def synced_from_disk(feed: Feed) -> None:
    """One order, synchronised, so that there is a good state to lose."""
    feed.publish_orders("B-1")
    feed.follow()
    assert feed.sync().code == DONE


def refused(feed: Feed, code: int, *culprits: str) -> Result:
    """The sync fails, says why (the first culprit also in status), and the last good state stays."""
    before = {table: rows for table, rows in dump(feed.workspace.database).items() if table != "feeds"}
    result = feed.workspace.tool.refused(code, "sync")
    for culprit in culprits:
        assert culprit in result.err, result
    assert {table: rows for table, rows in dump(feed.workspace.database).items() if table != "feeds"} == before
    assert culprits[0] in feed.state()["failure"]
    return result
