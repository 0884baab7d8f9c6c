"""The README's tour, and the configuration that is shipped."""
import re
import shutil
import subprocess

from support import keys, paths
from support.documents import Desk, blocks


def test_the_tour_blocks_and_releases(new_folder):
    desk = Desk(new_folder("desk"))
    shown = "".join(desk.do(block.text) for block in blocks(paths.ROOT / "README.md")
                    if block.language == "sh" and not block.mark)
    assert "www.hoaks-pemilu.example: BLOCKED" in shown, shown
    assert "revoked at serial 2" in shown, shown


def test_every_option_of_the_shipped_configuration_is_known(new_folder):
    """Every commented option, taken out of its comment, is accepted."""
    folder = new_folder("conf")
    shipped = (paths.ROOT / "conf" / "saring.toml").read_text()
    bare, full = folder / "bare.toml", folder / "full.toml"
    shutil.copy(paths.ROOT / "conf" / "saring.toml", bare)
    lines = []
    for line in shipped.splitlines():
        option = re.match(r"#(\[?\[?[a-z_.]+ ?=? ?.*)", line)
        lines.append(option[1] if option and not line.startswith("# ") else line)
    example = keys.make_key(folder, "example").public_text  # the shipped text is not a key
    lines = [line for line in lines if not line.startswith("keys =")]  # of a feed: keys that are not configured
    full.write_text("\n".join(lines).replace('"RW..."', f'"{example}"'))
    for file in (bare, full):
        done = subprocess.run(
            [str(paths.TOOL), "--config", str(file), "key", "--help"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        checked = subprocess.run(
            [str(paths.TOOL), "--config", str(file), "status"], capture_output=True, text=True, check=False
        )
        # The configuration is accepted: the error is the missing database at the default path.
        assert "/var/lib/saring/blocklist" in checked.stderr or checked.returncode == 0, checked.stderr
