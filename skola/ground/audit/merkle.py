"""The tree over the entries: RFC 6962, section 2.1, with SHA-256. Plain functions, no Django.

Hashes stand in a row, 32 bytes each, as in a tile. Proofs are computed from the hashes of perfect
subtrees, ``node(level, index)``: that over the leaves from ``index << level`` to before
``(index + 1) << level``. A proof reads and returns O(log n) of them.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH = 32
EMPTY = hashlib.sha256().digest()
"""The root of a tree without leaves."""

Node = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(row: bytes) -> bytes:
    """Return the root over a row of hashes, which may be of leaves or of equal perfect subtrees.

    The last hash may also stand for a smaller subtree; that is how a tree of any size ends.
    """
    if not row:
        return EMPTY
    sha256, pair = hashlib.sha256, 2 * HASH
    while len(row) > HASH:
        odd = row[len(row) - HASH :] if len(row) % pair else b""
        pairs = range(0, len(row) - len(odd), pair)
        row = b"".join([sha256(b"\x01" + row[i : i + pair]).digest() for i in pairs]) + odd
    return row


def range_hash(first: int, end: int, node: Node) -> bytes:
    """Return the root over the leaves from ``first`` to before ``end``.

    ``first`` is a multiple of the largest power of two that fits into the range, as in each subtree
    of RFC 6962.
    """
    size = end - first
    if size == 0:
        return EMPTY
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, first >> level)
    middle = first + _split(size)
    return node_hash(range_hash(first, middle, node), range_hash(middle, end, node))


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the hashes that lead from leaf ``index`` to the root of the tree of ``size`` leaves.

    RFC 6962, 2.1.1. Raises ValueError for a leaf that the tree does not have.
    """
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    first, end, path = 0, size, list[bytes]()
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(first, middle, node))
            first = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Return the hashes that show that the tree of ``old`` leaves begins that of ``new``.

    RFC 6962, 2.1.2. Empty where there is nothing to show: from no leaf, or to the same size. Raises
    ValueError where ``old`` is the larger one.
    """
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {new} leaves cannot begin with one of {old}.")
    if old in (0, new):
        return []
    first, end, known, path = 0, new, True, list[bytes]()
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(first, middle, node))
            first, known = middle, False
    if not known:
        path.append(range_hash(first, end, node))
    return path[::-1]


def shows_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes
) -> bool:
    """Whether ``proof`` shows the leaf hash at ``index`` under a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(other, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, other)
        place, last = place >> 1, last >> 1
    return last == 0 and found == expected


def shows_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether ``proof`` shows that the one tree begins the other (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(other, before), node_hash(other, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, other)
        place, last = place >> 1, last >> 1
    return last == 0 and (before, after) == (old_root, new_root)
