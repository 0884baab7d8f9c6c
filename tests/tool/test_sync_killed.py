"""`sync` and `feed publish` ended by kill -9 at many moments: the old state or the new, nothing between."""
import subprocess

from support import orders, paths
from support.database import dump
from support.killing import Moments, duration, killed_after
from support.tool import DONE

MOMENTS = 12


def start(feed, *words):
    return subprocess.Popen(
        [str(paths.TOOL), "--config", str(feed.workspace.config), *map(str, words)], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)


def test_sync_killed_at_any_moment_leaves_all_or_nothing(feed):
    feed.workspace.tool.do("db", "init")
    known = set()
    moments = Moments(7, duration(lambda: feed.sync("--dry-run")) + 0.3)
    for moment in range(MOMENTS):
        new = {f"B-{moment}-{n}" for n in range(5)}
        feed.publish(
            *[
                feed.order(id, targets=orders.domains(*[f"n{k}.{id.lower()}.example" for k in range(400)]))
                for id in sorted(new)
            ]
        )
        moments.kill(start(feed, "sync"))
        assert feed.active() in (known, known | new), "an order of the feed without the others"
        result = feed.sync()
        assert result.code == DONE, result
        known |= new
        assert feed.active() == known
    assert moments.killed > 0, "no synchronisation was ever interrupted"


def test_publish_killed_at_any_moment_leaves_a_good_feed(feed):
    feed.publish_orders("B-0")
    moments = Moments(8, duration(feed.publish) + 0.05)
    serial = feed.read()["serial"]
    for moment in range(1, MOMENTS + 1):
        file = feed.order(f"B-{moment}")
        moments.kill(start(feed, "feed", "publish", feed.directory, file, *feed.options()))
        found = feed.workspace.tool.do("feed", "verify", feed.directory, "--json").json()
        assert found["good"] and found["serial"] in (serial, serial + 1)
        feed.publish(file)  # completes from any remaining state
        serial = feed.read()["serial"]
    assert moments.killed > 0, "no publication was ever interrupted"
    assert len(feed.read()["orders"]) == MOMENTS + 1


def test_a_killed_sync_leaves_no_lock(feed):
    feed.publish_orders("B-1")
    killed_after(start(feed, "sync"), 0.001)
    assert feed.sync().code == DONE
    assert dump(feed.workspace.database)["feeds"]
