"""Class ANY would be answered with the records of class IN."""
import pytest

from support.authority import RESOLVED


@pytest.mark.parametrize("name", ["hoax.example", "www.hoax.example", "news.example"])
@pytest.mark.parametrize("type_", ["A", "AAAA", "ANY", "TXT"])
def test_class_any_is_refused(resolver, workspace, name, type_):
    workspace.block("hoax.example")
    for options in ((), ("+cd",), ("+tcp",), ()):
        answer = resolver.dig(name, type_, "-c", "ANY", *options)
        assert answer.status == "REFUSED" and RESOLVED not in answer.raw, answer.raw
    if name == "news.example":
        assert resolver.dig(name).data("A") == [RESOLVED]
