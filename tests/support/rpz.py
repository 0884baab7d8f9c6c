"""Resolvers that block by a response policy zone alone, as ISPs used before."""
from pathlib import Path

from support.bind import Bind, policy_resolver
from support.resolver import Resolver

ORIGIN = "rpz.isp.example"
HEAD = f"$ORIGIN {ORIGIN}.\n$TTL 30\n@ SOA localhost. nobody.invalid. 1 3600 600 86400 60\n@ NS localhost.\n"


def write_zone(file: Path, records: str) -> Path:
    file.write_text(HEAD + records)
    return file


class PolicyUnbound(Resolver):
    """The Unbound of the tests with its own rpz: and without the module."""

    def __init__(self, folder: Path, workspace, authority, zone: Path):
        super().__init__(folder, workspace.config, authority, chain="respip iterator", extra=f"""
rpz:
    name: "{ORIGIN}."
    zonefile: "{zone}"
""")


def policy_bind(folder: Path, authority, zone: Path) -> Bind:
    return policy_resolver(folder, ORIGIN, zone, authority.port)
