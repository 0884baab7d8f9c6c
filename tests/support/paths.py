"""Paths of the programs under test. SARING_BUILD and SARING_UNBOUND choose other folders."""
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = (ROOT / os.environ.get("SARING_BUILD", "build/release")).resolve()
UNBOUND = (ROOT / os.environ.get("SARING_UNBOUND", "build/unbound/sbin")).resolve()

MODULE = BUILD / "module" / "saring.so"
TOOL = BUILD / "blocklist-tool" / "blocklist-tool"
UNBOUND_PROGRAM = UNBOUND / "unbound"
UNBOUND_CONTROL = UNBOUND / "unbound-control"

# Real and messy list input that some machines have beside the repository; it
# names real outlets and is therefore never part of it.
FAKENEWS_HOSTS = ROOT.parent / "shared" / "data" / "fakenews.hosts"
