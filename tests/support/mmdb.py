"""Makes location databases with MaxMind's own writer, as vendors do."""
import functools
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

# Values are maps, arrays and UTF-8 strings only, as in the place fields of location records.
_WRITER = r"""
use strict; use warnings; use JSON::PP; use MaxMind::DB::Writer::Tree;
my ($out) = @ARGV;
my $records = JSON::PP->new->utf8->decode(do { local $/; <STDIN> });
my %types = (subdivisions => ['array', 'map'], names => 'map', country => 'map');
my $tree = MaxMind::DB::Writer::Tree->new(
    ip_version => 6, record_size => 24, database_type => 'Saring-Test', languages => ['en'],
    description => { en => 'test' }, alias_ipv6_to_ipv4 => 1, remove_reserved_networks => 0,
    map_key_type_callback => sub { $types{$_[0]} || 'utf8_string' });
$tree->insert_network($_->[0], $_->[1]) for @$records;
open my $fh, '>:raw', $out or die $!;
$tree->write_tree($fh);
close $fh or die $!;
"""


def write(path: Path, records: dict[str, dict[str, Any]]) -> Path:
    """Network -> record. The file is replaced by rename, as a careful updater does."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(_written(json.dumps(list(records.items()))))
    fresh.replace(path)
    return path


@functools.cache  # the writer takes a second
def _written(records: str) -> bytes:
    with tempfile.NamedTemporaryFile() as file:
        done = subprocess.run(
            ["perl", "-e", _WRITER, file.name], input=records, text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, done
        return Path(file.name).read_bytes()


def subdivision(code: str) -> dict[str, Any]:
    """As the official city schema has it."""
    return {"country": {"iso_code": "ID"}, "subdivisions": [{"iso_code": code, "names": {"en": code}}]}
