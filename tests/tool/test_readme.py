"""The README's tour is typed as it stands there."""
import os
import re
import shutil
import subprocess

from support import keys, paths


def tour() -> str:
    text = (paths.ROOT / "README.md").read_text()
    section = text.split("## Ten-line tour", 1)[1]
    block = re.search(r"\n\n((?:    .*\n)+)", section)
    assert block
    return re.sub(r"^    ", "", block[1], flags=re.MULTILINE)


def shell(folder, script):
    environment = {**os.environ, "PATH": f"{paths.TOOL.parent}:{os.environ['PATH']}", "SARING_CONFIG": str(folder / "saring.toml")}
    return subprocess.run(["bash", "-euxc", script], cwd=folder, env=environment, text=True, capture_output=True, check=False, timeout=120)


def test_the_tour_can_be_typed_as_it_stands(new_folder):
    folder = new_folder("tour")
    before, after = tour().split("# saring.toml", 1)
    made = shell(folder, before)
    assert made.returncode == 0, made.stderr
    key = (folder / "ministry.pub").read_text().splitlines()[-1]
    (folder / "saring.toml").write_text(f'[database]\npath = "{folder}/db"\n[[trust.key]]\nname = "ministry"\n'
                                        f'public_key = "{key}"\nroles = ["order"]\n')
    used = shell(folder, "# " + after)
    assert used.returncode == 0, used.stderr
    assert "www.hoaks-pemilu.example: BLOCKED" in used.stdout, used.stdout
    assert "revoked at serial 2" in used.stdout, used.stdout


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
    example = keys.make_key(folder, "example").public_text  # the shipped one is no key
    lines = [line for line in lines if not line.startswith("keys =")]  # of a feed: keys that are not there
    full.write_text("\n".join(lines).replace('"RW..."', f'"{example}"'))
    for file in (bare, full):
        done = subprocess.run([str(paths.TOOL), "--config", str(file), "key", "--help"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        checked = subprocess.run([str(paths.TOOL), "--config", str(file), "status"], capture_output=True, text=True, check=False)
        # It gets past the configuration: the database at the default path is what it misses.
        assert "/var/lib/saring/blocklist" in checked.stderr or checked.returncode == 0, checked.stderr
