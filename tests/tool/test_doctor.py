"""`doctor` on a healthy installation, and on ones broken on purpose, one part at a time."""
import glob
import json
import os
import re
import shutil
import subprocess

import pytest

from support import database, orders, paths
from support.feeds import Feed
from support.namespace import own_mounts
from support.tool import DONE, NO
from support.waiting import wait_for
from support.workspace import Workspace

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user or mount")
CONF = ('server:\n    module-config: "{chain}"\n    username: "{user}"\n    chroot: ""\n    directory: "{folder}"\n'
        '    interface: 127.0.0.1@{port}\n{dynlib}')


class Clinic:
    """A workspace with a synchronised feed, and the unbound.conf that `doctor` reads."""

    def __init__(self, workspace: Workspace, *, feed: bool = True) -> None:
        self.workspace = workspace
        self.conf = workspace.folder / "unbound.conf"
        self.feed = Feed(workspace) if feed else None
        if self.feed:
            self.feed.publish_orders("B-1")
            workspace.tool.do("sync")
        self.configure()

    def configure(self, *, chain="dynlib validator iterator", module=paths.MODULE, port=9, user=""):
        dynlib = f'dynlib:\n    dynlib-file: "{module}"\n' if module else ""
        self.conf.write_text(
            CONF.format(chain=chain, user=user, folder=self.workspace.folder, port=port, dynlib=dynlib)
        )

    def __call__(self, *options, unbound=paths.UNBOUND_PROGRAM):
        """Findings by check."""
        self.result = self.workspace.tool(
            "doctor", "--json", "--unbound", unbound, "--unbound-conf", self.conf, *options
        )
        assert self.result.code in (DONE, NO), self.result
        told = self.result.json()
        assert self.result.code == (NO if told["failed"] else DONE) and told["healthy"] == (told["failed"] == 0)
        for one in told["checks"]:
            assert (one["remedy"] is None) == (one["health"] == "ok"), one
        # The most severe finding of a check that examined several things.
        return {
            one["check"]: one
            for health in ("ok", "unseen", "warning", "failed") for one in told["checks"] if one["health"] == health
        }


@pytest.fixture
def clinic(workspace):
    return Clinic(workspace)


def test_an_installation_that_is_well(workspace, resolver_of):
    clinic = Clinic(workspace)
    server = resolver_of(workspace).start()
    wait_for(lambda: workspace.module().get("serial"), "the module's state file")
    clinic.configure(port=server.port)
    found = clinic("--unlisted", "free.example")
    failed = {name: one for name, one in found.items() if one["health"] == "failed"}
    assert not failed and clinic.result.code == DONE, failed
    for check in ("config.file", "config.safety", "unbound.program", "unbound.config", "unbound.chain", "module.file",
                  "module.build", "database.open", "database.sound", "access.unbound", "keys.orders", "keys.feed",
                  "module.state", "module.serial", "feed.age", "feed.reach", "clock", "answer.listed",
                  "answer.unlisted"):
        assert found[check]["health"] == "ok", found[check]


def test_a_resolver_that_forgot_the_module_is_found_by_asking(workspace, resolver_of):
    clinic = Clinic(workspace)
    server = resolver_of(workspace, chain="validator iterator").start()
    clinic.configure(port=server.port)
    found = clinic("--quick")
    assert found["answer.listed"]["health"] == "failed" and "b-1.example" in found["answer.listed"]["remedy"], found
    assert found["module.state"]["health"] == "failed"


@pytest.mark.parametrize("change, check, remedy", [
    ({"chain": "validator iterator"}, "unbound.chain", 'module-config: "dynlib validator iterator"'),
    ({"chain": "validator dynlib iterator"}, "unbound.chain", 'module-config: "dynlib validator iterator"'),
    ({"module": None}, "module.file", "dynlib-file:"),
    ({"module": "/nowhere/saring.so"}, "module.file", "unbound-module-saring"),
    ({"module": paths.TOOL}, "module.file", "unbound-module-saring"),
])
def test_what_is_wrong_with_unbound_conf(clinic, change, check, remedy):
    clinic.configure(**change)
    found = clinic("--quick")[check]
    assert found["health"] == "failed" and remedy in found["remedy"], found


def test_a_damaged_module_is_found_without_harm(clinic):
    damaged = clinic.workspace.folder / "saring.so"
    damaged.write_bytes(paths.MODULE.read_bytes()[:100_000])
    clinic.configure(module=damaged)
    assert clinic("--quick")["module.file"]["health"] == "failed"


def test_an_unbound_without_dynlib_is_recognised(clinic):
    fake = clinic.workspace.folder / "unbound"
    fake.write_text(
        '#!/bin/sh\nprintf "Version 1.17.1\\nLinked modules: dns64 subnetcache respip validator iterator\\n"\n'
    )
    fake.chmod(0o755)
    found = clinic("--quick", unbound=fake)
    assert found["unbound.program"]["health"] == "failed" and "without dynlib" in found["unbound.program"]["what"]
    assert found["unbound.config"]["health"] == "unseen"


def test_a_module_made_for_another_unbound(clinic):
    other = clinic.workspace.folder / "unbound"
    shutil.copy(paths.UNBOUND_PROGRAM, other)
    shutil.copy(paths.UNBOUND / "unbound-checkconf", clinic.workspace.folder)
    build_id = re.search(
        r"Build ID: (\w+)",
        subprocess.run(["readelf", "-n", str(other)], capture_output=True, text=True, check=True).stdout,
    )[1]
    content = other.read_bytes()
    assert content.count(bytes.fromhex(build_id)) == 1
    other.write_bytes(content.replace(bytes.fromhex(build_id), bytes(len(build_id) // 2)))
    found = clinic("--quick", unbound=other)["module.build"]
    assert found["health"] == "failed" and "another Unbound" in found["what"], found


def test_a_configuration_that_cannot_be_read(clinic):
    clinic.workspace.config.write_text("[answer]\ntll = 3\n")
    found = clinic()["config.file"]
    assert found["health"] == "failed" and "tll" in found["what"] and "ttl" in found["remedy"]
    clinic.workspace.config.unlink()
    assert clinic()["config.file"]["remedy"] == f"blocklist-tool setup --output {clinic.workspace.config}"


def test_a_database_that_is_absent_damaged_or_of_another_schema(clinic):
    data = clinic.workspace.database / "data.mdb"
    whole = data.read_bytes()
    database.set_schema_version(clinic.workspace.database, 4000)
    newer = clinic("--quick")["database.open"]
    assert newer["health"] == "failed" and "4000" in newer["what"] and "install the Saring" in newer["remedy"]
    database.set_schema_version(clinic.workspace.database, 0)
    older = clinic("--quick")["database.open"]
    assert "migrate" not in older["remedy"] and "restore a backup" in older["remedy"]
    data.write_bytes(whole[:8192])
    assert clinic("--quick")["database.open"]["health"] == "failed"
    shutil.rmtree(clinic.workspace.database)
    assert clinic("--quick")["database.open"]["remedy"].endswith("blocklist-tool db init")


def test_what_no_commit_explains_is_found_unless_in_a_hurry(clinic):
    with database.writing(clinic.workspace.database, b"names") as names:
        names.delete(database.lookup_key("b-1.example"))
    assert clinic("--quick")["database.sound"]["health"] == "unseen"
    found = clinic()["database.sound"]
    assert found["health"] == "failed" and "B-1" in found["what"] and "db check" in found["remedy"]


def test_a_database_that_is_nearly_full(workspace):
    workspace.config.write_text(workspace.config.read_text().replace("[database]\n", "[database]\nmap_size_mib = 1\n"))
    listed = workspace.folder / "domains.txt"
    for n in range(40):  # until the disk is full
        listed.write_text("".join(f"name-{n}-{i}.example\n" for i in range(400)))
        if workspace.tool("list", "import", "--source", f"list-{n}", "--format", "domains", listed).code != DONE:
            break
    found = Clinic(workspace, feed=False)("--quick")["database.room"]
    assert found["health"] in ("warning", "failed") and "map_size_mib = 2" in found["remedy"], found


def test_keys_that_do_not_suffice_or_end(clinic):
    work = clinic.workspace
    clinic.feed.follow(keys={work.ministry: {"roles": ["order"], "valid_until": orders.at(5 * 86400)}})
    found = clinic("--quick")
    assert found["keys.feed"]["health"] == "failed" and 'roles = ["feed"]' in found["keys.feed"]["remedy"]
    assert found["keys.end"]["health"] == "warning" and "ministry" in found["keys.end"]["what"]
    clinic.feed.follow(keys={clinic.feed.key: {"roles": ["feed"]}})
    assert clinic("--quick")["keys.orders"]["health"] == "failed"


def test_a_secret_that_others_can_read(clinic):
    (clinic.workspace.folder / "isp.key").write_text("secret")
    (clinic.workspace.folder / "isp.key").chmod(0o644)
    found = clinic("--quick")["keys.secrets"]
    assert found["health"] == "failed" and found["remedy"] == f"chmod 0600 {clinic.workspace.folder}/isp.key"
    subprocess.run(found["remedy"], shell=True, check=True)
    assert clinic("--quick")["keys.secrets"]["health"] == "ok"


def test_a_feed_that_cannot_be_fetched_or_believed(clinic):
    manifest = clinic.feed.manifest.read_bytes()
    clinic.feed.manifest.write_bytes(manifest.replace(b'"serial": 1', b'"serial": 9'))
    assert clinic()["feed.reach"]["health"] == "failed"
    clinic.feed.manifest.unlink()
    found = clinic()
    assert found["feed.reach"]["health"] == "failed" and "is not there" in found["feed.reach"]["what"]
    assert found["feed.age"]["health"] == "ok" and clinic("--quick")["feed.reach"]["health"] == "unseen"


def test_a_feed_that_was_never_followed(workspace):
    Feed(workspace)
    workspace.tool.do("db", "init")
    found = Clinic(workspace, feed=False)("--quick")["feed.age"]
    assert found["health"] == "failed" and found["remedy"] == "runuser -u saring -- blocklist-tool sync --feed ministry"


def test_a_clock_behind_the_databases_last_commit(clinic):
    [library] = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    done = subprocess.run([
        str(paths.TOOL), "--config",
        str(clinic.workspace.config), "doctor", "--json", "--quick", "--unbound", "/bin/false", "--unbound-conf",
        str(clinic.conf)
    ], env={"PATH": "/usr/bin:/bin", "LD_PRELOAD": library, "FAKETIME": "-90d"}, capture_output=True, text=True,
                          check=False)
    [clock] = [one for one in json.loads(done.stdout)["checks"] if one["check"] == "clock"]
    assert clock["health"] == "failed" and "timedatectl" in clock["remedy"], clock


def test_the_clock_is_compared_with_the_feeds_server(workspace, feed, nginx_of):
    feed.publish_orders("B-1")
    nginx_of()
    workspace.tool.do("sync")
    found = Clinic(workspace, feed=False)()["clock"]
    assert found["health"] == "ok" and re.search(r"https://\S+ is \d+ s (ahead|behind)", found["what"]), found


def test_orders_for_regions_need_a_way_to_tell_them(clinic):
    assert clinic("--quick")["location.regions"]["health"] == "ok"
    clinic.workspace.block("regional.example", id="B-7", regions=["ID-JK"])
    found = clinic("--quick")["location.regions"]
    assert found["health"] == "failed" and "[region] mmdb" in found["remedy"]
    table = clinic.workspace.folder / "regions.txt"
    clinic.workspace.config.write_text(clinic.workspace.config.read_text() + f'\n[region]\nprefix_table = "{table}"\n')
    assert str(table) in clinic("--quick")["location.regions"]["what"]
    table.write_text("10.1.0.0/16 ID-JK\n")
    assert clinic("--quick")["location.regions"]["health"] == "ok"


@needs_root
def test_a_user_of_unbounds_that_cannot_get_at_the_image(clinic):
    work = clinic.workspace
    clinic.configure(user="nobody")
    for folder in (work.folder, work.folder.parent):
        folder.chmod(0o755)
    work.database.chmod(0o700)
    found = clinic("--quick")["access.unbound"]
    assert found["health"] == "failed" and "nobody cannot enter" in found["what"] and found[
        "remedy"] == f"chmod o+x {work.database}", found
    work.database.chmod(0o711)
    (work.database / "image" / "current").chmod(0o600)
    found = clinic("--quick")["access.unbound"]
    assert f"{work.database}/image/current: nobody cannot read" in found["what"] and found[
        "remedy"] == f"chmod o+r {work.database}/image/*", found
    (work.database / "image" / "current").chmod(0o644)
    (work.database / "data.mdb").chmod(0o600)
    found = clinic("--quick")
    assert str(work.database) not in found["access.unbound"]["what"], "it needs nothing else there"
    assert "access.blocklist" not in found


@needs_root
@pytest.mark.parametrize("writable", ["lock.mdb", "image", "image/current"])
def test_a_user_of_unbounds_that_can_write_more_than_it_needs(clinic, writable):
    work = clinic.workspace
    clinic.configure(user="nobody")
    for folder in (work.folder, work.folder.parent, work.database):
        folder.chmod(0o755)
    (work.database / writable).chmod(0o777)
    found = clinic("--quick")["access.blocklist"]
    assert found["health"] == "warning" and f"{work.database}/{writable}: Unbound's user nobody can write it" in found[
        "what"], found


@needs_root
def test_an_image_that_everybody_can_exchange(clinic):
    (clinic.workspace.database / "image").chmod(0o777)
    found = clinic("--quick")["access.others"]
    assert found["health"] == "warning", found
    assert "everybody can replace the image that resolvers load" in found["what"], found


@needs_root
def test_a_user_who_is_not_root_sees_less_and_the_output_says_so(clinic):
    work = clinic.workspace
    for folder in (work.folder, work.folder.parent):
        folder.chmod(0o755)
    work.database.chmod(0o700)
    shutil.copy(paths.TOOL, work.folder / "tool")
    done = subprocess.run([
        str(work.folder / "tool"), "--config",
        str(work.config), "doctor", "--quick", "--json", "--unbound", "/bin/false"
    ], user="nobody", group="nogroup", extra_groups=[], capture_output=True, text=True, check=False)
    found = {one["check"]: one for one in json.loads(done.stdout)["checks"]}
    assert found["database.open"]["health"] == "unseen" and "sudo blocklist-tool doctor" in found["database.open"][
        "remedy"], found


APPARMOR = """mkdir -p "{f}/sys/apparmor/parameters" "{f}/etc/local" "{f}/etc/abstractions" &&
echo Y >"{f}/sys/apparmor/parameters/enabled" &&
touch "{f}/etc/usr.sbin.unbound" "{f}/etc/abstractions/unbound-saring" && {more}
mount --bind "{f}/sys" /sys/module && mount --bind "{f}/etc" /etc/apparmor.d && exec "$@" """


@needs_root
@pytest.mark.parametrize("more, health",
                         [("true &&", "failed"),
                          ('echo "include <abstractions/unbound-saring>" >"{f}/etc/local/usr.sbin.unbound" &&', "ok")])
def test_apparmor_needs_its_line(clinic, more, health):
    folder = clinic.workspace.folder
    script = APPARMOR.format(f=folder, more=more.format(f=folder))
    done = subprocess.run([
        *own_mounts(), "sh", "-c", script, "sh",
        str(paths.TOOL), "--config",
        str(clinic.workspace.config), "doctor", "--quick", "--json", "--unbound",
        str(paths.UNBOUND_PROGRAM), "--unbound-conf",
        str(clinic.conf)
    ], capture_output=True, text=True, check=False)
    assert done.stdout, done
    [found] = [one for one in json.loads(done.stdout)["checks"] if one["check"] == "apparmor"]
    assert found["health"] == health, found
    if health == "failed":
        assert "include <abstractions/unbound-saring>" in found["remedy"] and "apparmor_parser -r" in found["remedy"]


def test_people_read_it_in_words_and_count(clinic):
    clinic.configure(chain="validator iterator")
    out = clinic.workspace.tool(
        "doctor", "--quick", "--unbound", paths.UNBOUND_PROGRAM, "--unbound-conf", clinic.conf
    ).out
    assert re.search(r"^FAILED  unbound.chain ", out, re.MULTILINE) and "fix: in the last file of" in out
    assert re.search(r"^\d+ ok, \d+ warnings?, \d+ failed, \d+ unseen$", out.splitlines()[-1]) and "\033" not in out
