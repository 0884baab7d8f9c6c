"""`cmake --install`, which every packaging uses, and the systemd units that it installs."""
import platform
import re
import shutil
import subprocess

import pytest
from support import paths

UNITS = [
    "saring-sync.service", "saring-sync.timer", "saring-metrics.service", "saring-metrics.timer", "saring-ship.service",
    "saring-console.service", "saring-console.socket", "saring-feed.service", "saring-feed.timer",
    "saring-landing.service", "saring-landing.path", "saring-landing.timer"
]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(["cmake", "--install", str(paths.BUILD)], env={"DESTDIR": str(folder), "PATH": "/usr/bin:/bin"},
                   stdout=subprocess.DEVNULL, check=True)
    return folder


def found(folder, name):
    [file] = [f for f in folder.rglob(name) if f.is_file() and "bash-completion" not in f.parts]
    return file


def score(unit, *options):
    shown = subprocess.run(["systemd-analyze", "security", "--offline=true", *options,
                            str(unit)], capture_output=True, text=True, check=False)
    return re.search(r"exposure level for \S+: (\d+\.\d)", shown.stdout)[1]


def test_everything_a_package_needs_is_installed(installed):
    assert [f for f in installed.rglob("bash-completion/completions/blocklist-tool") if f.is_file()]
    for name in [
            "blocklist-tool", "saring.so", "saring.toml", "never-block.txt", "unbound-saring", "order-example.json",
            "packages.md", "quickstart.id.md", "blocklist-tool.8", "saring.toml.5", "explain.json", "_blocklist-tool",
            "blocklist-tool.fish", "saring.mo", "feed/nginx.conf", *UNITS
    ]:
        assert found(installed, name).stat().st_size > 0
    assert len(list(installed.rglob("saring.conf"))) == 3  # of Unbound, of its service, of tmpfiles


def test_configuration_goes_where_the_programs_look(installed):
    assert (installed / "etc/saring/saring.toml").is_file()
    done = subprocess.run(
        [str(found(installed, "blocklist-tool")), "status"], capture_output=True, text=True, check=False, env={}
    )
    assert (
        "/etc/saring/saring.toml" in done.stderr or "/var/lib/saring" in done.stderr or done.returncode == 0
    ), done.stderr


def test_the_installed_never_block_file_is_in_use(installed):
    installed_lines = (installed / "etc/saring/saring.toml").read_text().splitlines()
    assert 'never_block_files = ["/etc/saring/never-block.txt"]' in installed_lines


def test_no_path_is_left_open(installed):
    """configure_file leaves @NAME@ if the variable is not set."""
    for file in [*installed.rglob("*.service"), *installed.rglob("saring.conf"), found(installed, "unbound-saring")]:
        assert not re.search(r"@[A-Za-z_]+@", file.read_text()), file
    assert str(found(installed, "saring.so")).removeprefix(str(installed)) in found(installed / "etc/unbound",
                                                                                    "saring.conf").read_text()


def test_systemd_knows_every_setting_of_the_units(installed, new_folder):
    folder = new_folder("units")
    for name in UNITS:
        text = found(installed, name).read_text()
        # The program that a unit names must exist; what it does is irrelevant.
        (folder / name).write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE))
    shown = subprocess.run(["systemd-analyze", "verify", "--man=no", *[str(folder / name) for name in UNITS]],
                           capture_output=True, text=True, check=False)
    about_ours = [line for line in shown.stderr.splitlines() if "saring" in line]
    assert not about_ours and shown.returncode == 0, shown.stderr


def test_the_documents_state_the_measured_exposure(installed, new_folder):
    said = (paths.ROOT / "docs/packages.md").read_text()
    column = {"bookworm": -3, "trixie": -2}[platform.freedesktop_os_release()["VERSION_CODENAME"]]
    for service, unit in (("saring-sync.service", "saring-sync.timer"),
                          ("saring-metrics.service", "saring-metrics.timer"),
                          ("saring-ship.service", "saring-ship.service"),
                          ("saring-console.service", "saring-console.socket"),
                          ("saring-feed.service", "saring-feed.timer"),
                          ("saring-landing.service", "saring-landing.path")):
        row = next(line for line in said.splitlines() if line.startswith(f"| `{unit}`"))
        assert row.split("|")[column].strip() == score(found(installed, service)), row


def test_the_drop_in_for_unbound_lowers_its_exposure_as_stated(installed, new_folder):
    """Against a service as bare as Debian's of Unbound."""
    root = new_folder("root")
    folder = root / "usr/lib/systemd/system"
    (folder / "unbound.service.d").mkdir(parents=True)
    (folder / "unbound.service").write_text("[Service]\nType=notify\nExecStart=/usr/sbin/unbound -d -p\n")
    bare = score("unbound.service", f"--root={root}")
    drop_in = next(f for f in installed.rglob("unbound.service.d/saring.conf"))
    shutil.copy(drop_in, folder / "unbound.service.d/saring.conf")
    row = next(line for line in (paths.ROOT / "docs/packages.md").read_text().splitlines()
               if line.startswith("| `unbound.service`"))
    with_ours = score("unbound.service", f"--root={root}")
    assert f"{with_ours}; Debian's alone: {bare}" in row, (bare, with_ours)
    assert "ReadWritePaths=-/var/lib/saring" in drop_in.read_text()
