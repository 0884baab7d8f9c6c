"""A ministry that publishes a signed feed, and the ISP of a workspace that follows it."""
import hashlib
import json
from pathlib import Path
from typing import Any, Callable

from support import keys, orders
from support.keys import Key
from support.tool import Result
from support.workspace import Workspace

NAME = "ministry"
DAYS = 86400


def option(value: Any) -> str:
    """A value as TOML writes it; its subset that is JSON as well."""
    return json.dumps(value)


class Feed:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.directory = workspace.folder / "feed"
        self.key = workspace.key("feed-key")
        self.manifest = self.directory / "feed.json"
        self.follow()

    def follow(self, url: str | None = None, *, keys: dict[Key, dict[str, Any]] | None = None,
               threshold: int = 1, **options: Any) -> None:
        """(Re)writes the configuration: one feed. `keys` replaces the trusted ones; each with its options."""
        if keys is None:
            keys = {self.workspace.ministry: {"roles": ["order"]}, self.key: {"roles": ["feed"]}}
        self.workspace.configure(trusted=[], threshold=threshold)
        text = self.workspace.config.read_text()
        for key, given in keys.items():
            given = {"name": key.name, "public_key": key.public_text, "roles": ["order"], **given}
            text += "\n[[trust.key]]\n" + "".join(f"{k} = {option(v)}\n" for k, v in given.items())
        options = {"name": NAME, "url": url or f"file://{self.directory}", **options}
        text += "\n[[feed]]\n" + "".join(f"{k} = {option(v)}\n" for k, v in options.items())
        self.workspace.config.write_text(text)

    def publish(self, *files: Path, **options: Any) -> Result:
        return self.workspace.tool.do("feed", "publish", self.directory, *files, *self.options(**options))

    def options(self, **options: Any) -> list[str]:
        """Of `feed publish`; given ones replace the defaults."""
        options = {"name": NAME, "secret_key": self.key.secret, **options}
        return [word for name, value in options.items() for word in ("--" + name.replace("_", "-"), str(value))]

    def publish_orders(self, *ids: str, **options: Any) -> Result:
        """One order an id, blocking a name of its own."""
        return self.publish(*[self.order(id) for id in ids], **options)

    def order(self, id: str, **fields: Any) -> Path:
        return self.workspace.signed(**{"id": id, "targets": orders.domains(name_of(id)), **fields})

    def read(self) -> dict[str, Any]:
        return json.loads(self.manifest.read_text())

    def rewrite(self, change: Callable[[dict[str, Any]], None], key: Key | None = None) -> dict[str, Any]:
        """Alters the manifest and signs it with the minisign program, as another publisher's software would."""
        manifest = self.read()
        change(manifest)
        self.put(json.dumps(manifest).encode(), key)
        return manifest

    def plant(self, file: Path, id: str, *, before: str) -> None:
        """Puts an order that `feed publish` would refuse into the feed, as another publisher's software would."""
        def placed(source: Path, name: str) -> dict[str, Any]:
            content = source.read_bytes()
            (self.directory / name).write_bytes(content)
            return {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}

        signature = file.with_name(f"{file.name}.{self.workspace.ministry.id}.minisig")
        entry = {"id": id, **placed(file, f"orders/planted-{file.name}"),
                 "signatures": [placed(signature, f"orders/planted-{file.name}.minisig")]}
        at = [order["id"] for order in self.read()["orders"]].index(before)
        self.rewrite(lambda manifest: manifest["orders"].insert(at, entry))

    def put(self, content: bytes, key: Key | None = None) -> None:
        """A manifest of any content with a good signature."""
        self.manifest.write_bytes(content)
        made = keys.sign(self.manifest, key or self.key)
        addressed = self.directory / "signatures" / f"{hashlib.sha256(content).hexdigest()}.minisig"
        addressed.write_bytes(made.read_bytes())
        made.rename(self.manifest.with_name("feed.json.minisig"))

    def sync(self, *options: str) -> Result:
        return self.workspace.tool("sync", *options)

    def state(self) -> dict[str, Any]:
        """The feed in `status`."""
        [feed] = [f for f in self.workspace.tool.do("status", "--json").json()["feeds"] if f["feed"] == NAME]
        return feed

    def active(self) -> set[str]:
        """Ids of the orders in force in the ISP's database."""
        listed = self.workspace.tool.do("order", "list", "--json").json()["orders"]
        return {order["id"] for order in listed if order["state"] == "active"}


def name_of(id: str) -> str:
    return id.lower().replace("/", "-") + ".example"
