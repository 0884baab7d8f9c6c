"""The packed files of test data: each fuzz target has its corpus, and packing the same files gives the same archive."""
import gzip

import pytest
from support import packed, paths

FUZZ = paths.ROOT / "tests" / "fuzz"
CORPORA = sorted((FUZZ / "corpus").iterdir())


def test_each_fuzz_target_has_a_corpus_and_a_dictionary():
    targets = {file.stem for file in (FUZZ / "targets").iterdir()}
    assert {file.name.removesuffix(".tar.gz") for file in CORPORA} == targets
    assert {file.stem for file in (FUZZ / "dictionaries").iterdir()} == targets


@pytest.mark.parametrize(
    "archive", [*CORPORA, paths.ROOT / "tests" / "bench" / "results.tar.gz"], ids=lambda file: file.name
)
def test_packing_again_gives_the_same_archive(archive):
    files = packed.read(archive)
    assert files and packed.tar(files) == gzip.decompress(archive.read_bytes())
