"""Zones signed with DNSSEC by ldns-signzone, and the trust anchors for them."""
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from support.authority import HEAD


@dataclass(frozen=True)
class SignedZone:
    text: str    # records and signatures
    anchor: str  # its DS record

    def trust(self) -> str:
        """A clause of unbound.conf."""
        return f'server:\n    trust-anchor: "{self.anchor}"\n'

    def broken(self, what: str, instead: str) -> "SignedZone":
        """The zone with data that do not match its signatures."""
        assert what in self.text
        return SignedZone(self.text.replace(what, instead), self.anchor)


def _day(days: int) -> str:
    return (datetime.now(timezone.utc) + timedelta(days=days)).strftime("%Y%m%d")


def sign(folder: Path, zone: str, records: str, *options: str) -> SignedZone:
    """`options` go to ldns-signzone; -n signs with NSEC3."""
    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
        return done.stdout.strip()

    (folder / "zone").write_text(HEAD.format(zone=zone) + records)
    key = run("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", zone)
    run("ldns-signzone", "-i", _day(-2), "-e", _day(30), "-o", zone, *options, "zone", key)
    anchor = " ".join((folder / f"{key}.ds").read_text().split())
    return SignedZone((folder / "zone.signed").read_text(), anchor)
