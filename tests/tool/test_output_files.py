"""Files that options such as --output name: a command replaces its own earlier outputs and nothing else."""
import os
import stat

import pytest

from support import made_hits as hits
from support import orders
from support.tool import USAGE

WRITERS = ["receipt", "report", "zone", "metrics", "signature"]


@pytest.fixture
def write(workspace):
    """Has a command write to a path; `refused` is the exit code of a refusal."""
    isp = workspace.key("isp")
    workspace.block("hoax.example")
    hits.record(workspace, [{"time": "2024-02-14T07:00Z", "qname": "hoax.example", "order": orders.ID}])
    order = workspace.write(orders.document(id="B-NEW"))

    def run(writer, path, refused=None):
        command = {
            "receipt": ["receipt", "make", "--isp", "ISP Uji", "--secret-key", isp.secret, "--output", path],
            "report": ["hits", "report", "--since", "2024-02-01", "--until", "2024-03-01", "--html", path],
            "zone": ["feed", "export", "--origin", "rpz.example", "--output", path],
            "metrics": ["metrics", "--output", path],
            "signature": ["order", "sign", "--yes", order, "--secret-key", workspace.ministry.secret, "--output", path],
        }[writer]
        return workspace.tool.do(*command) if refused is None else workspace.tool.refused(refused, *command)

    return run


@pytest.mark.parametrize("writer", WRITERS)
def test_an_earlier_output_is_replaced_and_keeps_its_mode(workspace, write, writer):
    path = workspace.folder / "output"
    write(writer, path)
    path.chmod(0o640)
    before = path.stat().st_ino
    write(writer, path)
    assert path.stat().st_ino != before and stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("writer", WRITERS)
def test_an_empty_file_as_of_mktemp_is_replaced(workspace, write, writer):
    path = workspace.folder / "output"
    path.touch()
    write(writer, path)
    assert path.read_bytes()


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("kind", ["key", "order", "text"])
def test_another_file_is_not_replaced(workspace, write, writer, kind):
    path = workspace.folder / "precious"
    path.write_bytes({"key": workspace.ministry.secret.read_bytes(), "order": workspace.signed(id="B-1").read_bytes(),
                      "text": b"notes\n"}[kind])
    before = path.read_bytes()
    result = write(writer, path, refused=USAGE)
    assert f"{path}: exists already, and is not what this command writes" in result.err
    assert path.read_bytes() == before
    assert not (workspace.folder / "precious.minisig").exists()


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("kind", ["device", "pipe", "folder"])
def test_what_is_no_file_stays(workspace, write, writer, kind):
    path = workspace.folder / "special"
    {"device": lambda: os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 7)), "pipe": lambda: os.mkfifo(path),
     "folder": path.mkdir}[kind]()
    before = path.stat().st_mode
    assert f"{path}: is not a file; name a file to write" in write(writer, path, refused=USAGE).err
    assert path.stat().st_mode == before


@pytest.mark.parametrize("writer", WRITERS)
def test_a_symbolic_link_is_replaced_and_not_its_target(workspace, write, writer):
    target, link = workspace.folder / "target", workspace.folder / "link"
    link.symlink_to(target)
    target.touch()
    write(writer, link)
    assert not link.is_symlink() and link.read_bytes() and not target.read_bytes()
