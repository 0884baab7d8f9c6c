"""Signing keys and signatures made by the real minisign program."""
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Key:
    name: str
    secret: Path
    public: Path

    @property
    def public_text(self) -> str:
        """The one-line form, `RW…`, as saring.toml holds it."""
        return self.public.read_text().splitlines()[1]

    @property
    def id(self) -> str:
        """Sixteen upper-case hex digits; minisign itself prints it without leading zeros."""
        return self.public.read_text().splitlines()[0].split()[-1].zfill(16)


def minisign(*arguments: str | Path, password: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(["minisign", *map(str, arguments)], input=password, text=True,
                          capture_output=True, check=False)


def make_key(folder: Path, name: str) -> Key:
    """A key without a password, so that tests do not spend seconds deriving one."""
    key = Key(name, folder / f"{name}.key", folder / f"{name}.pub")
    done = minisign("-G", "-W", "-s", key.secret, "-p", key.public)
    assert done.returncode == 0, done
    return key


def sign(file: Path, key: Key, *options: str) -> Path:
    """A detached signature beside the file, named as the tool looks for it. `-l` in options: legacy."""
    signature = file.with_name(f"{file.name}.{key.id}.minisig")
    done = minisign("-S", "-s", key.secret, "-m", file, "-x", signature, *options)
    assert done.returncode == 0, done
    return signature
