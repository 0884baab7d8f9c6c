"""An ISP's and a ministry's files in one folder: configuration, keys, orders, database."""
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from support import database, keys, orders
from support.keys import Key
from support.tool import Result, Tool

REDIRECT_A = "192.0.2.80"
REDIRECT_AAAA = "2001:db8::80"
TTL = 30


def texts_of(value: Any) -> list[str]:
    """Of a field: the text, or those of a list, or of a dictionary's keys and values."""
    return [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else [value]


def stand_in(value: Any) -> Any:
    """A text, or a dictionary or list of texts, of the same size and acceptable in an order today."""
    if isinstance(value, dict):
        return {stand_in(key): stand_in(one) for key, one in value.items()}
    if isinstance(value, list):
        return [stand_in(one) for one in value]
    return re.sub(rb"[^0-9A-Za-z:/@.-]", b"x", value.encode()).decode()


class Workspace:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "saring.toml"
        self.database = folder / "db"
        self.tool = Tool(self.config)
        self.module_status = folder / "module.json"
        self.hits = folder / "hits"
        self.ministry = keys.make_key(folder, "ministry")
        self._written = 0
        self.configure()

    def configure(self, *, trusted: list[Key] | None = None, threshold: int = 1,
                  action: str = "nxdomain", failure: str = "resolve", ttl: int = TTL, answer: str = "",
                  hits: str = "", more: str = "", resolver_wait: int = 60) -> None:
        """(Re)writes saring.toml; by default the ministry's key alone is trusted. `answer` and `hits`
        are more lines of these tables, `more` are tables of their own."""
        # Long enough for a busy machine: when a command ends, the resolvers have what it published.
        text = (f'[database]\npath = "{self.database}"\nresolver_wait_seconds = {resolver_wait}\n\n'
                f"[trust]\nthreshold = {threshold}\n\n")
        for key in [self.ministry] if trusted is None else trusted:
            text += (f'[[trust.key]]\nname = "{key.name}"\npublic_key = "{key.public_text}"\n'
                     'roles = ["order"]\n\n')
        text += (f'[answer]\naction = "{action}"\nttl = {ttl}\nredirect_a = ["{REDIRECT_A}"]\n'
                 f'redirect_aaaa = ["{REDIRECT_AAAA}"]\n{answer}\n'
                 f'[failure]\npolicy = "{failure}"\n\n[module]\nstatus_file = "{self.module_status}"\n\n'
                 f'[hits]\npath = "{self.hits}"\n{hits}\n{more}')
        if "[safety]" not in more:  # the orders of tests hold whatever the day
            # ... and its addresses without a database of networks.
            text += "\n[safety]\nmax_order_lifetime_days = 400000\nshared_asns = []\n"
        self.config.write_text(text)

    def key(self, name: str) -> Key:
        return keys.make_key(self.folder, name)

    def write(self, document: dict[str, Any] | str | bytes) -> Path:
        """An order document in a file of its own, unsigned."""
        self._written += 1
        file = self.folder / f"order-{self._written}.json"
        if isinstance(document, dict):
            document = json.dumps(document, indent=1)
        file.write_bytes(document.encode() if isinstance(document, str) else document)
        return file

    def signed(self, document: dict[str, Any] | str | bytes | None = None, **fields: Any) -> Path:
        """An order document signed by the ministry; fields as in orders.document."""
        file = self.write(orders.document(**fields) if document is None else document)
        keys.sign(file, self.ministry)
        return file

    def apply(self, *options: str, **fields: Any) -> Result:
        """Writes, signs and applies an order; fields as in orders.document."""
        return self.tool.do("order", "apply", self.signed(**fields), *options)

    def block(self, *names: str, id: str = orders.ID, match: str | None = None, **fields: Any) -> Result:
        return self.apply(id=id, targets=orders.domains(*names, match=match), **fields)

    def block_as_earlier(self, *names: str, **fields: Any) -> None:
        """Blocks by an order with texts that are refused today but that an earlier version may have stored. The order's
        id is written as given."""
        self.block(*names, **{name: value if name == "id" else stand_in(value) for name, value in fields.items()})
        for text in (text for name, value in fields.items() if name != "id" for text in texts_of(value)):
            database.replace_text(self.database, stand_in(text), text)
        database.publish_anew(self.tool, self.database)

    def block_in_spite(self, *names: str, id: str = orders.ID, **fields: Any) -> None:
        """Blocks names that the safety rules hold, as a person's release does."""
        self.tool("order", "apply", self.signed(id=id, targets=orders.domains(*names), **fields))
        held = self.tool.do("quarantine", "list", "--order", id, "--json").json()
        names_held = [
            one["target"]
            for one in (held if isinstance(held, list) else next(v for v in held.values() if isinstance(v, list)))
        ]
        if names_held:
            self.tool.do("quarantine", "release", id, *names_held, "--reason", "meant so")

    def module(self) -> dict[str, Any]:
        """The module's state file; empty if there is none yet."""
        try:
            return json.loads(self.module_status.read_text())
        except FileNotFoundError:
            return {}

    def digest(self) -> str:
        """Of the database's data; the lock file beside it changes with every reader."""
        return hashlib.sha256((self.database / "data.mdb").read_bytes()).hexdigest()
