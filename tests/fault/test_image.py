"""Publishing an image is killed before each system call, or each call fails: the folder holds the old or the new image,
and the next publication leaves the new one and no other file."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support import paths

PROGRAM = paths.BUILD / "tests" / "publish-image"
KILL_AT = paths.BUILD / "tests" / "fault" / "kill-at"
SHIM = paths.BUILD / "tests" / "fault" / "fault-shim.so"


class Scene:
    def __init__(self, folder: Path, kind: str) -> None:
        self.folder, self.image, self.kept = folder, folder / "image", folder / "kept"
        self.do("prepare", kind)
        shutil.copytree(self.image, self.kept)
        self.old = self.do("show")
        self.do("publish")
        self.new, self.files = self.do("show"), self.listing()
        assert self.new != self.old
        assert sum(name.startswith("delta-") for name in self.files) == (kind == "delta")
        self.seen = {self.old: 0, self.new: 0}

    def do(self, *words: str) -> str:
        return subprocess.run(
            [PROGRAM, words[0], self.folder, *words[1:]], check=True, capture_output=True, text=True
        ).stdout

    def listing(self) -> list[str]:
        return sorted(file.name for file in self.image.iterdir())

    def reset(self) -> None:
        shutil.rmtree(self.image)
        shutil.copytree(self.kept, self.image)

    def publish(self, before: list[str], **environment: str) -> int:
        self.reset()
        return subprocess.run(
            [*before, str(PROGRAM), "publish", str(self.folder)], env=os.environ | environment, capture_output=True
        ).returncode

    def judge(self, code: int, where: str) -> None:
        found = self.do("show")  # never refused
        assert found in self.seen, where
        self.seen[found] += 1
        assert code != 0 or found == self.new, f"{where}: exit code 0, but not done"
        self.do("publish")
        assert (self.do("show"), self.listing()) == (self.new, self.files), where


@pytest.mark.parametrize("kind", ["delta", "base"])
def test_a_kill_before_any_system_call_leaves_the_old_or_the_new_image(new_folder, kind):
    scene = Scene(new_folder("image"), kind)
    at, code = 0, 137
    while code == 137:  # until the program ends before that call
        at += 1
        code = scene.publish([str(KILL_AT), str(at), str(scene.image)])
        scene.judge(code, f"call {at}")
    assert code == 0 and at > 40
    assert all(scene.seen.values())


@pytest.mark.parametrize("kind", ["delta", "base"])
@pytest.mark.parametrize(
    "fault", ["write:ENOSPC", "write:EIO", "write:short", "flush:EIO", "name:ENOSPC", "name:EROFS"]
)
def test_a_failing_call_leaves_the_old_or_the_new_image(new_folder, kind, fault):
    scene = Scene(new_folder("image"), kind)
    shim = {"LD_PRELOAD": str(SHIM), "SARING_FAULT_UNDER": str(scene.image)}
    at, met = 1, 0
    while at < 100:
        code = scene.publish([], **shim, SARING_FAULT=f"{fault}:{at}")
        scene.judge(code, f"{fault} at {at}")
        assert code in (0, 5)
        met += code == 5
        untouched = scene.publish([], **shim, SARING_FAULT=f"{fault}:{at}+") == 0
        scene.judge(0 if untouched else 5, f"{fault} from {at} on")
        if untouched and code == 0 and at > 12:
            break
        at += 1
    assert fault == "write:short" or met >= 2
