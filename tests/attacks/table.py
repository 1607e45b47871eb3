"""The table: each attack, what it is tried on, and what must be said about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from pyhanko.sign.fields import MDPPerm

from signing.verdict import Reason, Revocation, TrustPolicy, Verdict
from tests.attacks import bases, messages, parties, rewriting, signing_badly, sources, updating
from tests.pki.world import world

Expected = tuple[Verdict, str | None, Reason]

_INVALID, _DOUBT = Verdict.INVALID, Verdict.INDETERMINATE
_CHANGED: Expected = (_INVALID, None, Reason.CHANGED_AFTER)
_ABSENT: Expected = (_INVALID, None, Reason.SIGNATURE_ABSENT)
_UNREADABLE: Expected = (_DOUBT, None, Reason.PDF_UNREADABLE)
_FORMAT: Expected = (_DOUBT, None, Reason.SIGNATURE_FORMAT)
_HASH: Expected = (_INVALID, "HASH_FAILURE", Reason.HASH_FAILURE)
_HOLE: Expected = (_INVALID, "FORMAT_FAILURE", Reason.BYTES_NOT_COVERED)
_TAIL: Expected = (_INVALID, None, Reason.BYTES_NOT_COVERED)
_UNSIGNED: Expected = (_DOUBT, "FORMAT_FAILURE", Reason.SIGNATURE_FORMAT)


@dataclass(frozen=True, slots=True)
class Row:
    """One forged file: its name, how it is made, and its verdict, sub-indication and first reason."""

    name: str
    make: Callable[[], bytes]
    expected: Expected
    strict: bool = True

    @property
    def policy(self) -> TrustPolicy:
        """A time stamp is always demanded; revocation data where there can be some."""
        revocation = Revocation.REQUIRED if self.strict else Revocation.EMBEDDED
        return replace(world().trust, revocation=revocation, timestamp_required=True)


def rows() -> Iterator[Row]:
    """Yield the table."""
    yield from _updates()
    yield from _certified()
    yield from _bytes()
    yield from _messages()
    yield from _bad_signers()
    for name, make, expected in parties.rows():
        yield Row(name, make, expected)


_UPDATES: dict[updating.Forge, Expected] = {
    updating.swap_content: _CHANGED,
    updating.rewrite_content: _CHANGED,
    updating.add_page: _CHANGED,
    updating.remove_page: _CHANGED,
    updating.reorder_pages: _UNREADABLE,
    updating.resize_page: _CHANGED,
    updating.overlay_annotation: _CHANGED,
    updating.stamp_annotation: _CHANGED,
    updating.new_field: _CHANGED,
    updating.new_signature_field: _CHANGED,
    updating.fill_field: _CHANGED,
    updating.sneaky_fill: _CHANGED,
    updating.fill_and_swap_font: _CHANGED,
    updating.swap_font: _CHANGED,
    updating.swap_appearance: _CHANGED,
    updating.open_action: _CHANGED,
    updating.attach_file: _CHANGED,
    updating.change_language: _CHANGED,
    updating.drop_form: _ABSENT,
    updating.drop_signature_field: _ABSENT,
    updating.drop_signature_value: _ABSENT,
    updating.second_field: _CHANGED,
    updating.drop_evidence: (_INVALID, None, Reason.REVOCATION_UNKNOWN),
    updating.poison_evidence: _UNREADABLE,
}

_BYTES: dict[Callable[[bytes], bytes], Expected] = {
    rewriting.edit_words: _HASH,
    rewriting.edit_gap: _HOLE,
    rewriting.other_case: (_DOUBT, "FORMAT_FAILURE", Reason.BYTES_NOT_COVERED),
    rewriting.widen_gap: _HOLE,
    rewriting.overlap_ranges: _HOLE,
    rewriting.shorten_range: _HOLE,
    rewriting.wrap: _UNREADABLE,
    rewriting.bare_objects: _TAIL,
    rewriting.no_trailer: _UNREADABLE,
    rewriting.free_content: _CHANGED,
    rewriting.packed_override: _ABSENT,
    rewriting.claim_encryption: _UNREADABLE,
    rewriting.loop_of_tables: _UNREADABLE,
    rewriting.giant_table: _UNREADABLE,
    rewriting.deep_nesting: _UNREADABLE,
    rewriting.loop_of_pages: _UNREADABLE,
    rewriting.many_fields: (_DOUBT, None, Reason.SIGNATURES_TOO_MANY),
    rewriting.bomb: _UNREADABLE,
    rewriting.copied_stamp: _HOLE,
}

_JUNK: dict[str, tuple[bytes, bytes, Expected]] = {
    "line break behind": (b"", b"\n", _TAIL),
    "end mark behind": (b"", b"%%EOF\n", _UNREADABLE),
    "script behind": (b"", b"<script>", _TAIL),
    "zeros behind": (b"", bytes(3000), _UNREADABLE),
    "empty update behind": (b"", b"\nstartxref\n0\n%%EOF\n", _UNREADABLE),
    "second header behind": (b"", b"\n%PDF-1.4\n", _TAIL),
    "picture in front": (b"GIF89a\n", b"", _UNREADABLE),
    "second header in front": (b"%PDF-1.3\n", b"", _UNREADABLE),
}


def _updates() -> Iterator[Row]:
    for forge, expected in _UPDATES.items():
        yield Row(_said(forge), partial(_updated, bases.lta, forge), expected)
    yield Row("layer shown", partial(_updated, bases.layered, updating.show_layer), _CHANGED)
    yield Row("cover hidden", partial(_updated, bases.layered, updating.hide_picture), _CHANGED)
    for name, forge in updating.no_contents().items():
        yield Row(f"value of signature {name}", partial(_updated, bases.lta, forge), _UNREADABLE)
    found = {"zeros": _HASH, "negative": _HASH, "overlapping": _HASH}
    for name, forge in updating.no_byte_range().items():
        yield Row(f"byte range {name}", partial(_updated, bases.lta, forge), found.get(name, _UNREADABLE))


def _certified() -> Iterator[Row]:
    filled: Expected = (_DOUBT, None, Reason.FORM_FILLED)
    forges = (
        updating.fill_field,
        updating.sneaky_fill,
        updating.fill_and_swap_font,
        updating.overlay_annotation,
        updating.new_field,
        updating.drop_certification,
        updating.swap_content,
    )
    for permission in MDPPerm:
        for forge in forges:
            allowed = forge is updating.fill_field and permission is not MDPPerm.NO_CHANGES
            make = partial(_updated, partial(bases.certified, permission), forge)
            yield Row(f"P={permission.value}, {_said(forge)}", make, filled if allowed else _CHANGED)


def _bytes() -> Iterator[Row]:
    for change, expected in _BYTES.items():
        yield Row(_said(change), partial(_changed, change), expected)
    for name, (front, behind, expected) in _JUNK.items():
        yield Row(name, partial(_framed, front, behind), expected)
    yield Row("table points elsewhere", lambda: rewriting.point_content_elsewhere(bases.doubled()), _UNREADABLE)
    yield Row("signature of another file", lambda: rewriting.moved(sources.form(), bases.lta()), _HOLE)


def _messages() -> Iterator[Row]:
    alone: dict[str, Expected] = {
        "time stamp taken out": (_DOUBT, "SIG_CONSTRAINTS_FAILURE", Reason.TIMESTAMP_MISSING),
        "time stamp of another signature": (_INVALID, "HASH_FAILURE", Reason.TIMESTAMP_BROKEN),
        "unsigned attribute added": _UNSIGNED,
        "stranger's certificate added": _UNSIGNED,
        "another version": _UNSIGNED,
        "second signer": _UNREADABLE,
        "weaker digest named": _HASH,
    }
    last: dict[str, Expected] = {
        "unsigned attribute added": _UNSIGNED,
        "stranger's certificate added": _UNSIGNED,
        "second signer": _UNREADABLE,
        "weaker digest named": (_INVALID, "HASH_FAILURE", Reason.SIGNATURE_FORMAT),
    }
    both = {"another signer's certificate": _FORMAT, "no certificates": _FORMAT}
    for name, expected in (alone | both).items():
        yield Row(f"signature: {name}", partial(_edited, bases.stamped_only, name), expected, strict=False)
    for name, expected in (last | both).items():
        yield Row(f"last time stamp: {name}", partial(_edited, bases.lta, name), expected)


def _bad_signers() -> Iterator[Row]:
    for name, ranges in signing_badly.RANGES.items():
        yield Row(f"signed with a range that is {name}", partial(signing_badly.crafted, ranges), _HOLE, strict=False)
    lacking: dict[str, Expected] = {
        "message_digest": (_DOUBT, "GENERIC", Reason.SIGNATURE_FORMAT),
        "content_type": (_INVALID, "FORMAT_FAILURE", Reason.SIGNATURE_FORMAT),
    }
    for attribute, expected in lacking.items():
        make = partial(signing_badly.crafted, signing_badly.whole, (attribute,))
        yield Row(f"signed without {attribute}", make, expected, strict=False)


def _said(forge: Callable[..., object]) -> str:
    return forge.__name__.replace("_", " ")


def _updated(base: Callable[[], bytes], forge: updating.Forge) -> bytes:
    return updating.updated(base(), forge)


def _changed(change: Callable[[bytes], bytes]) -> bytes:
    return change(bases.lta())


def _framed(front: bytes, behind: bytes) -> bytes:
    return front + bases.lta() + behind


def _edited(base: Callable[[], bytes], name: str) -> bytes:
    return messages.edited(base(), messages.EDITS[name])
