"""Archives of test data in the repository: many small files as one .tar.gz, the same bytes for the same files."""
import gzip
import io
import tarfile
from pathlib import Path


def read(archive: Path) -> dict[str, bytes]:
    """Content by file name; empty if there is no archive yet."""
    if not archive.exists():
        return {}
    with tarfile.open(archive) as packed:
        return {member.name: packed.extractfile(member).read() for member in packed if member.isfile()}


def tar(files: dict[str, bytes]) -> bytes:
    """Uncompressed, sorted, without times and owners."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as packed:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)  # mode 0644, time and owner 0
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return out.getvalue()


def write(archive: Path, files: dict[str, bytes]) -> None:
    archive.parent.mkdir(parents=True, exist_ok=True)
    archive.write_bytes(gzip.compress(tar(files), compresslevel=9, mtime=0))


def unpack(archive: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in read(archive).items():
        (folder / name).write_bytes(content)
