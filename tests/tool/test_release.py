"""packaging/release: the same commit gives the same bytes, wherever and whenever."""
import os
import shutil
import subprocess
import tarfile

import pytest
from support import paths


def make(checkout, folder, **environment):
    done = subprocess.run([str(checkout / "packaging/release"), str(folder)], capture_output=True, text=True, check=False,
                          env={**os.environ, **environment}, umask=int(environment.get("UMASK", "022"), 8))
    assert done.returncode == 0, done.stderr
    [tarball] = folder.glob("saring-*.tar.gz")
    return tarball


@pytest.fixture
def checkout(new_folder):
    """A repository of its own, so that commits, and what is not committed, are the test's."""
    folder = new_folder("checkout")
    for name in ("CMakeLists.txt", "packaging/release", "README.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(paths.ROOT / name, folder / name)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
    return folder


def test_two_runs_are_the_same_bytes(checkout, new_folder):
    first = make(checkout, new_folder("first"))
    for file in checkout.rglob("*.md"):
        os.utime(file, (1, 1))
    second = make(checkout, new_folder("second"), TZ="Asia/Jakarta", UMASK="077", LC_ALL="C")
    assert first.read_bytes() == second.read_bytes()
    assert first.with_name(first.name + ".sha256").read_text() == second.with_name(second.name + ".sha256").read_text()


def test_the_checksum_beside_it_is_its_own(checkout, new_folder):
    tarball = make(checkout, new_folder("out"))
    done = subprocess.run(["sha256sum", "--check", tarball.name + ".sha256"], cwd=tarball.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_is_not_committed_is_not_in_it(checkout, new_folder):
    before = make(checkout, new_folder("before"))
    (checkout / "README.md").write_text("changed")
    (checkout / "new").write_text("new")
    after = make(checkout, new_folder("after"))
    assert before.read_bytes() == after.read_bytes()
    with tarfile.open(after) as tar:
        assert all(name.startswith(after.name.removesuffix(".tar.gz")) for name in tar.getnames())


def test_another_commit_gives_other_bytes(checkout, new_folder):
    before = make(checkout, new_folder("before"))
    (checkout / "README.md").write_text("changed")
    subprocess.run(["git", "-C", str(checkout), "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qam", "b"], check=True)
    assert before.read_bytes() != make(checkout, new_folder("after")).read_bytes()
