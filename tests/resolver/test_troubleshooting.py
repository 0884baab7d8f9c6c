"""docs/troubleshooting.md with a real resolver: the test breaks what each section is about, and types its commands."""
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from support import documents, paths
from support.authority import ANYTHING, Authority
from support.documents import Desk
from support.resolver import Resolver
from support.waiting import wait_for

PAGE = paths.ROOT / "docs/troubleshooting.md"
KEYS = {"first": "order", "second": "order", "feed": "feed"}
# Orders of the page: options of `order new`, by id.
ORDERS = {"B-1/2024": "--domain hoaks-pemilu.example --contact mailto:aduan@kementerian-contoh.example",
          "B-2/2024": "--domain cdn.hoaks.example", "B-3/2024": "--domain kpu.go.id --domain hoaks-lain.example"}


@pytest.fixture(scope="module")
def authority(new_folder):
    server = Authority(new_folder("authority"), {"example.": ANYTHING + "berita CNAME cdn.hoaks.example.\n"})
    yield server.start()
    server.stop()


class Machine(Desk):
    """A desk beside a resolver that follows the ministry's feed."""

    def __init__(self, folder: Path, new_folder, authority) -> None:
        super().__init__(folder)
        self.resolver = Resolver(new_folder("resolver"), self.config, authority)
        self.locked: subprocess.Popen | None = None
        for key in KEYS:
            self.do(f"blocklist-tool key generate --secret-key {key}.key --public-key {key}.pub --no-password")
        self.configure("")
        self.do("blocklist-tool db init")
        for order, options in ORDERS.items():
            self.publish(order, options)
            if order == "B-1/2024":
                shutil.copytree(folder / "srv/feed", folder / "old-feed")
        self.resolver.start()
        self.do("blocklist-tool sync")
        # One signature of two.
        self.do("blocklist-tool order new --id B-9/2024 --authority Kementerian --expires 90d --domain lain.example "
                "--output order.json && blocklist-tool order sign order.json --yes --secret-key first.key")

    def publish(self, order: str, options: str) -> None:
        name = order.replace("/", "-")
        # `order new` itself refuses a never-block name.
        self.do(f"blocklist-tool order new --id {order} --authority 'Kementerian Contoh' --expires 90d"
                f" {options.replace('kpu.go.id', 'x.example')} --output {name}\n"
                f"{'sed -i s/x.example/kpu.go.id/ ' + name if 'kpu.go.id' in options else ''}\n"
                f"blocklist-tool order sign {name} --yes --secret-key first.key\n"
                f"blocklist-tool order sign {name} --yes --secret-key second.key\n"
                f"blocklist-tool feed publish /srv/feed --name ministry --secret-key feed.key {name}")

    def configure(self, more: str, wait: int = 20) -> None:
        if not hasattr(self, "resolver"):
            return super().configure(more)
        trusted = "".join(f'[[trust.key]]\nname = "{key}"\nroles = ["{role}"]\n'
                          f'public_key = "{(self.home / f"{key}.pub").read_text().splitlines()[1]}"\n'
                          for key, role in KEYS.items())
        super().configure(trusted + f'[[feed]]\nname = "ministry"\nurl = "file://{self.folder}/srv/feed/"\n{more}')
        text = self.config.read_text()
        for option, value in {"threshold": 2, "resolver_wait_seconds": wait, "lock_wait_seconds": 2}.items():
            text, changed = re.subn(rf"^#{option} = .*$", f"{option} = {value}", text, count=1, flags=re.MULTILINE)
            assert changed, option
        return self.config.write_text(text)

    def moved(self, text: str) -> str:
        if not hasattr(self, "resolver"):
            return super().moved(text)
        text = text.replace("systemctl reload unbound", ":")
        port = getattr(self.resolver, "port", 0)  # none before the first start
        text = text.replace("dig @192.0.2.53", f"dig @127.0.0.1 -p {port}")
        return super().moved(text.replace("--resolver 192.0.2.53", f"--resolver 127.0.0.1:{port}"))

    def image_file(self, kind: str) -> Path:
        current = (self.folder / "var/lib/saring/blocklist/image/current").read_text()
        name = re.search(rf"^{kind} ([0-9a-f]+)", current, re.M)[1]
        return self.folder / "var/lib/saring/blocklist/image" / f"{kind}-{name}"

    def damage(self, file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0x55
        file.write_bytes(content)

    # The names in `<!-- broken: … -->`.
    def an_old_copy_of_the_feed(self) -> None:
        shutil.move(self.folder / "srv/feed", self.folder / "new-feed")
        shutil.copytree(self.folder / "old-feed", self.folder / "srv/feed")

    def another_database(self) -> None:
        shutil.rmtree(self.folder / "srv/feed")
        shutil.move(self.folder / "new-feed", self.folder / "srv/feed")
        for name in ("data.mdb", "lock.mdb"):
            (self.folder / "var/lib/saring/blocklist" / name).unlink()
        self.configure("", wait=2)  # no resolver will take it
        self.type("blocklist-tool db init")

    def a_damaged_image(self) -> None:
        self.damage(self.image_file("base"))

    def no_image_at_start(self) -> None:
        self.damage(self.image_file("base"))
        self.resolver.stop()
        self.resolver.start()
        self.until("failing")

    def a_mistake_in_saring_toml(self) -> None:
        self.config.write_text(self.config.read_text().replace("[answer]\n", '[answer]\naction = "nxdoman"\n', 1))

    def repaired_saring_toml(self) -> None:
        self.configure("")

    def no_folder_for_hits(self) -> None:
        self.resolver.stop()
        hits = self.folder / "var/lib/saring/hits"
        shutil.rmtree(hits)
        hits.write_text("")
        self.resolver.start()

    def a_command_that_holds_the_lock(self) -> None:
        lock = self.folder / "var/lib/saring/blocklist/writer.lock"
        self.locked = subprocess.Popen(["flock", str(lock), "sleep", "300"])
        wait_for(lambda: subprocess.run(["flock", "-n", str(lock), "true"], check=False).returncode == 1, "the lock")

    def until(self, word: str) -> None:
        wait_for(lambda: word in self.type("blocklist-tool status").stdout, f"status says {word}")


def test_every_symptom_is_as_the_page_says(new_folder, authority):
    machine = Machine(new_folder("machine"), new_folder, authority)
    try:
        for block, output in documents.with_outputs(PAGE):
            if block.language != "sh" or block.mark == "not run":
                continue
            if block.mark == "broken":
                getattr(machine, re.sub(r"\W", "_", block.what))()
            if "systemctl reload unbound" in block.text:
                machine.configure("")
                machine.resolver.reload()
            if "dig @" in block.text or block.text == "blocklist-tool status\n":
                time.sleep(2.5)  # the module writes hits and state once a second
            if output:
                machine.check_printed(PAGE, block, output)
            else:
                machine.do(block.text)
    finally:
        if machine.locked:
            machine.locked.terminate()
        machine.resolver.stop()


def test_each_symptom_is_in_the_list_at_the_top():
    text = PAGE.read_text()
    headings = re.findall(r"^## (.*)$", text, re.M)
    assert re.findall(r"^- \[(.*?)\]\(#", text, re.M) == headings
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
               for heading in re.findall(r"^##+ (.*)$", text, re.M)}
    assert set(re.findall(r"\]\(#(.*?)\)", text)) <= anchors
