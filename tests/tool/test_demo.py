"""packaging/demo keeps its promises and ends with the next steps. It fails if a promise is broken."""
import os
import re
import subprocess

from support import paths
from support.documents import blocks

DEMO = paths.ROOT / "packaging" / "demo"


def demo(*arguments, **environment):
    return subprocess.run([DEMO, *arguments], env=os.environ | environment, capture_output=True, text=True, timeout=300,
                          check=False)


def the_readme_shows_it(told):
    """Each line of the README's transcript is the start of a line of the demo, in the same order; it omits ports."""
    lines = iter(re.sub(r" -p \d+|, id: \d+", "", told).splitlines())
    transcript = [block.text for block in blocks(paths.ROOT / "README.md") if block.language == "console"]
    assert len(transcript) == 1
    for line in transcript[0].splitlines():
        assert any(shown.startswith(line) for shown in lines), f"the demo does not show, or not then: {line}"


def test_the_demo_shows_what_it_promises_and_leaves_nothing(new_folder):
    folder = new_folder("demo")
    done = demo("--programs", str(paths.BUILD), TMPDIR=str(folder))
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    assert done.stdout.count("(refused, as it should be: exit code 4)") == 3
    assert "== Everything was as promised. You have seen" in done.stdout and "\nNext:\n" in done.stdout
    assert not list(folder.iterdir())
    the_readme_shows_it(done.stdout)
    for page in re.findall(r"^look at it: file://(.*)", done.stdout, flags=re.MULTILINE):
        assert "Kementerian Contoh" in open(page, encoding="utf-8").read(), page


def test_no_line_of_it_looks_like_a_failure_but_the_refusals(new_folder):
    done = demo("--programs", str(paths.BUILD), TMPDIR=str(new_folder("demo")))
    word = re.compile(r"^!!|\b(error|fail(ed|ure)?|refused|BAD)\b", re.IGNORECASE)
    expected = ("(refused, as it should be", "1 trusted signature, 2 needed", "  refused: ", "  blocked within")
    others = [line for line in done.stdout.splitlines() if word.search(line) and not line.startswith(expected)]
    assert not others and done.stderr == "", (others, done.stderr)


def test_an_unknown_option_is_reported():
    assert demo("--nonsense").returncode == 2
