"""With any error in the configuration, the database or the location data, Unbound starts and stays: it logs the error
once, `status` shows it, and failure.policy or the last good configuration holds."""
import os
import shutil

import pytest

from support import asn_mmdb, orders
from support.authority import RESOLVED
from support.hits import hits_in
from support.waiting import wait_for


def errors(resolver):
    return [line for line in resolver.log_text().splitlines() if "saring" in line and " error: " in line]


def state(workspace):
    return workspace.module()["state"] if workspace.module() else None


def wait_for_state(workspace, wanted):
    return wait_for(lambda: state(workspace) == wanted and workspace.module(), f"the module's state is {wanted}")


def image(workspace, name="current"):
    workspace.block("hoax.example")
    return workspace.database / "image" / name


def empty(workspace):
    (workspace.database / "image").mkdir(parents=True)


def another_version(workspace):
    file = image(workspace)
    file.write_text(file.read_text().replace("saring image 2", "saring image 4711"))


def no_image(workspace):
    image(workspace).write_bytes(b"no image" * 100)


def pipe(workspace):
    file = image(workspace)
    file.unlink()
    os.mkfifo(file)


IMAGES = {
    "none": (lambda workspace: None, ""), "empty": (empty, "current"), "version": (another_version, "4711"),
    "no-image": (no_image, "current"), "pipe": (pipe, "not a regular file")
}


@pytest.mark.parametrize("policy", ["resolve", "servfail"])
@pytest.mark.parametrize("damage, word", IMAGES.values(), ids=IMAGES)
def test_an_image_that_cannot_be_used_at_the_start(workspace, resolver_of, damage, word, policy):
    workspace.configure(failure=policy)
    damage(workspace)
    resolver = resolver_of(workspace).start()
    for name in ("hoax.example", "news.example"):
        answer = resolver.dig(name)
        assert answer.status == "SERVFAIL" if policy == "servfail" else answer.data("A") == [RESOLVED], answer.raw
    wait_for(lambda: workspace.module().get("failed_queries", 0) >= 2, "both queries counted")
    now = wait_for_state(workspace, "failing")
    assert (word or str(workspace.database)) in now["why"], now
    assert len(errors(resolver)) == 1, resolver.log_text()
    assert "failing" in workspace.tool("status").out
    shutil.rmtree(workspace.database, ignore_errors=True)
    workspace.block("hoax.example", id="B-NEW")
    wait_for(lambda: resolver.dig("www.hoax.example").blocked_by("B-NEW"), "the good image in force")
    wait_for_state(workspace, "ok")
    assert resolver.stop() == 0


def misspell(workspace):
    workspace.config.write_text(workspace.config.read_text().replace("ttl =", "tll ="))
    return "tll"


def spoil(workspace):
    workspace.config.write_text(workspace.config.read_text() + "\n[answer\n")
    return str(workspace.config)


def remove(workspace):
    workspace.config.unlink()
    return str(workspace.config)


def make_pipe(workspace):
    workspace.config.unlink()
    os.mkfifo(workspace.config)
    return "not a regular file"


BAD = [misspell, spoil, remove, make_pipe]


@pytest.mark.parametrize("policy", ["resolve", "servfail"])
@pytest.mark.parametrize("damage", BAD)
def test_a_configuration_that_cannot_be_used_at_the_start(workspace, resolver_of, damage, policy):
    workspace.configure(failure=policy)
    workspace.block("hoax.example")
    good = workspace.config.read_bytes()
    word = damage(workspace)
    resolver = resolver_of(workspace).start()
    readable = damage in (misspell, spoil)
    refused = policy == "servfail" and readable
    for name in ("hoax.example", "news.example"):
        answer = resolver.dig(name)
        assert answer.status == "SERVFAIL" if refused else answer.data("A") == [RESOLVED], answer.raw
    [line] = errors(resolver)
    assert str(workspace.config) in line and word in line and "reload" in line, line
    if readable:
        assert word in wait_for_state(workspace, "failing")["why"]
    workspace.config.unlink(missing_ok=True)
    workspace.config.write_bytes(good)
    resolver.reload()
    assert resolver.dig("www.hoax.example").blocked_by(orders.ID)
    wait_for_state(workspace, "ok")


@pytest.mark.parametrize("damage", BAD)
def test_on_reload_the_last_good_configuration_stays_in_use(workspace, resolver_of, damage):
    workspace.configure(action="refused")
    workspace.block("hoax.example")
    resolver = resolver_of(workspace).start()
    good = workspace.config.read_bytes()
    word = damage(workspace)
    for number in range(2):
        resolver.reload()
        assert resolver.dig(f"n{number}.hoax.example").status == "REFUSED"
        assert resolver.dig(f"n{number}.news.example").data("A") == [RESOLVED]
    assert word in wait_for_state(workspace, "stale")["why"]
    assert len(errors(resolver)) == 2, resolver.log_text()  # one a reload
    workspace.config.unlink(missing_ok=True)
    workspace.config.write_bytes(good.replace(b'"refused"', b'"nxdomain"'))
    resolver.reload()
    assert resolver.dig("n9.hoax.example").status == "NXDOMAIN"
    wait_for_state(workspace, "ok")
    assert resolver.stop() == 0


@pytest.mark.parametrize("front", ["dns64", "subnetcache", "validator"])
def test_a_place_in_the_chain_where_the_module_could_not_work(workspace, resolver_of, front):
    """dns64 sends its own queries, subnetcache has its own cache, the validator would turn a block into SERVFAIL."""
    workspace.block("hoax.example")
    rest = " ".join(m for m in ("validator", "iterator") if m != front)
    resolver = resolver_of(workspace, chain=f"{front} dynlib {rest}").start()
    assert resolver.dig("news.example").data("A") == [RESOLVED]
    assert front in wait_for_state(workspace, "failing")["why"]
    assert len(errors(resolver)) == 1, resolver.log_text()


TABLES = {"absent": None, "garbage": b"10.0.0.0/8\n", "pipe": "pipe"}


@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES)
def test_unusable_location_data_locates_no_client_until_it_is_replaced(workspace, resolver_of, content):
    table = workspace.folder / "table"
    workspace.configure(more=f'[region]\nprefix_table = "{table}"\n')
    workspace.block("hoax.example")
    workspace.block("regional.example", id="B-JK", regions=["ID-JK"])
    if content == "pipe":
        os.mkfifo(table)
    elif content:
        table.write_bytes(content)
    resolver = resolver_of(workspace).start()
    assert resolver.dig("hoax.example").blocked_by(orders.ID)
    assert resolver.dig("regional.example").data("A") == [RESOLVED]
    assert str(table) in wait_for_state(workspace, "stale")["why"]
    table.unlink(missing_ok=True)
    table.write_text("127.0.0.0/8 ID-JK\n::1/128 ID-JK\n")
    wait_for(lambda: resolver.dig("regional.example").blocked_by("B-JK"), "the good table in use")
    wait_for_state(workspace, "ok")


@pytest.mark.parametrize("file", ["current", "table"])
def test_a_pipe_in_place_of_a_file_blocks_no_thread(workspace, resolver_of, file):
    table = workspace.folder / "table"
    table.write_text("127.0.0.0/8 ID-JK\n")
    workspace.configure(more=f'[region]\nprefix_table = "{table}"\n')
    workspace.block("hoax.example")
    resolver = resolver_of(workspace).start()
    place = {"current": workspace.database / "image" / "current", "table": table}[file]
    place.unlink()
    os.mkfifo(place)
    wait_for_state(workspace, "stale")
    assert resolver.dig("www.hoax.example").blocked_by(orders.ID)
    assert resolver.stop() == 0


def test_an_unusable_asn_database_leaves_hits_without_as_numbers_until_it_is_replaced(workspace, resolver_of):
    networks = workspace.folder / "asn.mmdb"
    networks.write_bytes(b"not an MMDB")
    workspace.configure(hits=f'asn_mmdb = "{networks}"')
    workspace.block("hoax.example")
    resolver = resolver_of(workspace).start()
    assert resolver.dig("hoax.example").blocked_by(orders.ID)
    wait_for(lambda: "SARING_ASN_REFUSED" in resolver.log_text(), "the refusal logged")
    asn_mmdb.write(workspace.folder / "good.mmdb", {"127.0.0.0/8": 64500}).rename(networks)

    def recorded():
        resolver.dig("hoax.example")
        return [hit.asn for hit in hits_in(workspace.hits)]
    wait_for(lambda: recorded()[-1:] == [64500], "the new file in use")
    assert recorded()[0] == 0
