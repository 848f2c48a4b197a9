"""The tree of RFC 6962, its proofs, and the tiles that hold it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import sized
from skola.ground.audit import merkle, tiles
from skola.ground.audit.merkle import HASH

LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The reference vectors of Certificate Transparency: eight leaves, and the root at each size."""


def naive(entries: list[bytes]) -> bytes:
    """MTH as RFC 6962 writes it down."""
    if not entries:
        return merkle.EMPTY
    if len(entries) == 1:
        return merkle.leaf_hash(entries[0])
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return merkle.node_hash(naive(entries[:k]), naive(entries[k:]))


def naive_path(m: int, entries: list[bytes]) -> list[bytes]:
    """PATH as RFC 6962 writes it down."""
    if len(entries) == 1:
        return []
    k = 1
    while 2 * k < len(entries):
        k *= 2
    if m < k:
        return [*naive_path(m, entries[:k]), naive(entries[k:])]
    return [*naive_path(m - k, entries[k:]), naive(entries[:k])]


def naive_subproof(m: int, entries: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF as RFC 6962 writes it down."""
    if m == len(entries):
        return [] if whole else [naive(entries)]
    k = 1
    while 2 * k < len(entries):
        k *= 2
    if m <= k:
        return [*naive_subproof(m, entries[:k], whole), naive(entries[k:])]
    return [*naive_subproof(m - k, entries[k:], False), naive(entries[:k])]


class Memory(dict[str, bytes]):
    """A store for tests."""

    def read(self, name: str) -> bytes | None:
        return self.get(name)


def numbered(count: int) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


def row(entries: list[bytes]) -> bytes:
    return b"".join(map(merkle.leaf_hash, entries))


def stored(count: int, steps: list[int] | None = None) -> Memory:
    """Tiles of a tree of numbered entries, added in steps."""
    memory, edge = Memory(), tiles.Edge(Memory(), 0)
    for end in [*(steps or []), count]:
        edge.add(row(numbered(end)[edge.size :]), memory.__setitem__)
    return memory


def test_the_reference_vectors_of_certificate_transparency() -> None:
    entries = [bytes.fromhex(text) for text in LEAVES]

    found = [merkle.root(row(entries[:size])).hex() for size in range(9)]

    assert found == ROOTS


def test_the_reference_proofs_of_certificate_transparency() -> None:
    entries = [bytes.fromhex(text) for text in LEAVES]
    memory, edge = Memory(), tiles.Edge(Memory(), 0)
    edge.add(row(entries), memory.__setitem__)
    node = tiles.nodes(memory, 8)

    assert [one.hex() for one in merkle.inclusion_proof(0, 8, node)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [one.hex() for one in merkle.consistency_proof(6, 8, node)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.integers(1, 600), st.data())
@settings(max_examples=sized(30, 120), deadline=None)
def test_proofs_are_those_of_the_rfc_and_show_what_they_should(
    size: int, data: st.DataObject
) -> None:
    entries, node = numbered(size), tiles.nodes(stored(size), size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    top = naive(entries)

    proof = merkle.inclusion_proof(index, size, node)
    assert proof == naive_path(index, entries)
    assert len(proof) <= (size - 1).bit_length()
    leaf = merkle.leaf_hash(entries[index])
    assert merkle.shows_inclusion(leaf, index, size, proof, top)
    assert not merkle.shows_inclusion(merkle.leaf_hash(b"other"), index, size, proof, top)
    if size > 1:
        assert not merkle.shows_inclusion(leaf, (index + 1) % size, size, proof, top)
        assert not merkle.shows_inclusion(leaf, index, size, proof[:-1], top)

    steps = merkle.consistency_proof(old, size, node)
    if 0 < old < size:
        assert steps == naive_subproof(old, entries, True)
    assert merkle.shows_consistency(old, size, steps, naive(entries[:old]), top)
    if 0 < old < size:
        forked = [*entries[: old - 1], b"other"]
        assert not merkle.shows_consistency(old, size, steps, naive(forked), top)
        assert not merkle.shows_consistency(old, size, steps[:-1], naive(entries[:old]), top)


@given(st.lists(st.integers(0, 900), max_size=5), st.integers(0, 900))
@settings(max_examples=sized(20, 80), deadline=None)
def test_the_tree_is_the_same_however_its_leaves_came(steps: list[int], count: int) -> None:
    steps = sorted(step for step in steps if step <= count)
    memory = stored(count, steps)

    assert tiles.root_of(memory, count) == naive(numbered(count))
    edge = tiles.Edge(memory, count)
    assert edge.root() == naive(numbered(count))
    names = {tiles.path(*one) for one in tiles.tiles_of(count)}
    assert names <= set(memory)
    assert {memory[name] for name in names} == {
        tiles.read_tile(memory, level, index, count) for level, index, _ in tiles.tiles_of(count)
    }


def test_a_tree_of_two_levels_of_full_tiles() -> None:
    count = 256 * 256 + 256 + 3
    memory, edge = Memory(), tiles.Edge(Memory(), 0)
    edge.add(row(numbered(count)), memory.__setitem__)

    assert set(memory) == {tiles.path(*one) for one in tiles.tiles_of(count)}
    assert memory["tile/2/000.p/1"] == merkle.root(memory["tile/1/000"])
    assert tiles.root_of(memory, count) == merkle.root(row(numbered(count))) == edge.root()


def test_the_tiles_of_seventy_thousand_leaves_as_the_specification_counts_them() -> None:
    every = list(tiles.tiles_of(70_000))

    assert [one for one in every if one[2] < 256] == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert len(every) == 273 + 1 + 1 + 1 + 1
    assert list(tiles.tiles_of(256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(tiles.tiles_of(0)) == []


def test_names_of_tiles() -> None:
    assert tiles.path(0, 1234067) == "tile/0/x001/x234/067"
    assert tiles.path(1, 5, 17) == "tile/1/005.p/17"
    assert tiles.parsed("tile/entries/x001/x234/067") == ("entries", 1234067, 256)
    for name in (
        "tile/0/5",
        "tile/00/005",
        "tile/0/x000/005",
        "tile/0/005.p/0",
        "tile/0/005.p/256",
        "tile/0/005.p/300",
        "tile/64x/005",
        "tile/0/../005",
        "tile/0/005/",
        "tile/0/005\n",
    ):
        assert tiles.parsed(name) is None, name


def test_bundles_come_back_and_a_cut_one_is_refused() -> None:
    entries = [b"one", b"", b"three" * 100]
    bundle = tiles.packed(entries)

    assert tiles.unpacked(bundle) == entries
    for cut in (1, 2, len(bundle) - 1):
        with pytest.raises(tiles.MissingError):
            tiles.unpacked(bundle[:cut] if cut > 2 else bundle + b"\0" * (cut - 1) + b"\1")


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tiles.Folder(tmp_path / "log")
    folder.write("tile/0/000.p/1", b"a" * HASH)
    monkeypatch.setattr("os.fsync", lambda _file: (_ for _ in ()).throw(OSError("disk full")))

    with pytest.raises(OSError, match="disk full"):
        folder.write("tile/0/000.p/1", b"b" * HASH)

    assert folder.read("tile/0/000.p/1") == b"a" * HASH
    assert [file.name for file in (tmp_path / "log").rglob("*") if file.is_file()] == ["1"]
    assert folder.read("tile/0/001") is folder.read("tile/0") is None
