"""Makes databases of AS numbers with MaxMind's own writer, as vendors do."""
import json
import subprocess
from pathlib import Path

_WRITER = r"""
use strict; use warnings; use JSON::PP; use MaxMind::DB::Writer::Tree;
my ($out, $type) = @ARGV;
my $records = JSON::PP->new->utf8->decode(do { local $/; <STDIN> });
my $tree = MaxMind::DB::Writer::Tree->new(
    ip_version => 6, record_size => 24, database_type => 'Saring-Test-ASN', languages => ['en'],
    description => { en => 'test' }, alias_ipv6_to_ipv4 => 1, remove_reserved_networks => 0,
    map_key_type_callback => sub { $type });
$tree->insert_network($_->[0], $_->[1]) for @$records;
open my $fh, '>:raw', $out or die $!;
$tree->write_tree($fh);
close $fh or die $!;
"""


def write(path: Path, numbers: dict[str, int | str], key: str = "autonomous_system_number") -> Path:
    """Network -> number, as an integer (GeoLite2, DB-IP) or as text such as "AS64500" (IPinfo)."""
    kind = "uint32" if all(isinstance(n, int) for n in numbers.values()) else "utf8_string"
    records = [[network, {key: number}] for network, number in numbers.items()]
    done = subprocess.run(["perl", "-e", _WRITER, str(path), kind], input=json.dumps(records), text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done
    return path
