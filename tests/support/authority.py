"""The internet of the tests: an Unbound without the module that is authoritative for given zones."""
from pathlib import Path

from support.unbound import Unbound

HEAD = """\
$ORIGIN {zone}
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
"""

# Every name of `example.` exists and has the same address, so that a test can invent names
# and recognise a resolved one by RESOLVED.
RESOLVED = "198.51.100.7"
RESOLVED_AAAA = "2001:db8:7::7"
ANYTHING = f"""\
@ A {RESOLVED}
* A {RESOLVED}
* AAAA {RESOLVED_AAAA}
* TXT "anything"
"""
ZONES = {
    "example.": ANYTHING + f"v4only A {RESOLVED}\n*.v4only A {RESOLVED}\n",
    "test.": ANYTHING,
}


class Authority(Unbound):
    """A zone is given by its records below HEAD, or whole by a SignedZone's text."""

    def __init__(self, folder: Path, zones: dict[str, str] | None = None) -> None:
        super().__init__(folder)
        self._zones = {**ZONES, **(zones or {})}

    def configuration(self) -> str:
        # refuse_non_local: names in none of the zones are refused and never resolved on the internet.
        text = ('server:\n    access-control: 127.0.0.0/8 refuse_non_local\n    module-config: "iterator"\n'
                '    rrset-roundrobin: no\n')
        for zone, records in self._zones.items():
            file = self.folder / f"{zone}zone"
            whole = records.lstrip().startswith(zone)  # a SOA of its own
            file.write_text(records if whole else HEAD.format(zone=zone) + records)
            text += (f'auth-zone:\n    name: "{zone}"\n    zonefile: "{file}"\n'
                     "    for-downstream: yes\n    for-upstream: no\n    fallback-enabled: no\n")
        return text
