"""Dossiers that are archived to standard, put straight into catalogue and store: hundreds a second, no scan, no key.

What is recorded of them is what the steps would have recorded; the files are bytes that only look signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import insert, select, update

from catalog import Catalogue, Transaction, events, intakes, objects, renditions
from catalog.renditions import SignatureFacts
from catalog.schema import document, document_page, page, source_file, stamp
from dossier.codes import parse_code
from dossier.digest import of_bytes
from dossier.model import ObjectRef
from dossier.states import IntakeState
from storage.port import ObjectStore, put_bytes

PROCEDURE = "1.001193"
_PARTS = (("to-khai", "TO_KHAI_HO_TICH"), ("giay-chung-sinh", "GIAY_CHUNG_SINH"), ("ket-qua", "GIAY_KHAI_SINH"))
_FACTS = SignatureFacts(
    signatures=1,
    level="B-LTA",
    signer="UBND XÃ THỬ",
    development=True,
    signed_at="2026-03-02T03:00:00Z",
    verdict="valid",
    stamp_until="2060-01-01T00:00:00.000000Z",  # nothing is to be renewed
    stamp_digest="sha256",
    stamp_key="rsa-3072",
)
_HEADER = "Mã hồ sơ;MaTTHC;Ngày nhận;Ngày trả;Trạng thái"
AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def codes(count: int) -> list[str]:
    """Return so many dossier codes."""
    return [f"H99.27.14-2603{1 + number // 500:02}-{number % 500 + 1:04}" for number in range(count)]


def register_of(some: Iterable[str]) -> str:
    """Return a register in which these dossiers are returned."""
    rows = (f"{code};{PROCEDURE};{_day(code)};{_day(code)};10" for code in some)
    return "\n".join((_HEADER, *rows)) + "\n"


def archive(catalogue: Catalogue, store: ObjectStore, some: Iterable[str]) -> None:
    """Record dossiers as archived, each with its papers and its result."""
    for code in some:
        files = [_stored(store, code, part, 1) for part, _ in _PARTS]
        with catalogue.write() as tx:
            _record(tx, code, files)


def correct(catalogue: Catalogue, store: ObjectStore, code: str) -> None:
    """Replace the first paper of a dossier by another one, as a corrected delivery would."""
    with catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, code)
        assert dossier is not None
        live = select(document).where(document.c.dossier_id == dossier.id, document.c.superseded_by == "")
        first = tx.execute(live.order_by(document.c.ordinal)).mappings().first()
        assert first is not None
        page_id = tx.execute(select(document_page.c.page_id).where(document_page.c.document_id == first["id"])).scalar()
    version = first["version"] + 1
    file = _stored(store, code, first["component"], version)
    with catalogue.write() as tx:
        intakes.lock_dossiers(tx, [dossier.id])
        own = of_bytes(f"{first['id']}/{version}".encode())[:20]
        row = {**first, "id": own, "version": version, "content_key": file.sha256}
        tx.execute(insert(document).values(**row))
        tx.execute(update(document).where(document.c.id == first["id"]).values(superseded_by=own))
        tx.execute(insert(document_page).values(document_id=own, position=0, page_id=page_id))
        _sign(tx, dossier.id, own, file)


def _record(tx: Transaction, code: str, files: list[ObjectRef]) -> None:
    parsed = parse_code(code)
    assert parsed is not None
    dossier_id = intakes.ensure_dossier(tx, parsed, parsed.agency, AT)
    intake_id = intakes.begin(tx, dossier_id, f"/srv/scans/{code}", "", AT)
    intakes.set_state(tx, intake_id, IntakeState.ASSEMBLED)
    for ordinal, ((part, kind), file) in enumerate(zip(_PARTS, files, strict=True)):
        own = of_bytes(f"{code}/{part}".encode())[:20]
        _scan(tx, own, intake_id, ordinal, part, file)
        values = {"id": own, "dossier_id": dossier_id, "intake_id": intake_id, "ordinal": ordinal, "version": 1}
        values |= {"component": part, "kind": kind, "content_key": file.sha256, "state": "archived"}
        values |= {"confirmed_by": "can-bo", "born_signed": False, "candidates": []}
        tx.execute(insert(document).values(**values, created_at=stamp(AT), archived_at=stamp(AT)))
        tx.execute(insert(document_page).values(document_id=own, position=0, page_id=own))
        _sign(tx, dossier_id, own, file)


def _scan(tx: Transaction, own: str, intake_id: str, ordinal: int, part: str, file: ObjectRef) -> None:
    """Record the page that a document was scanned from; its bytes are those of the document."""
    common = {"id": own, "intake_id": intake_id, "position": ordinal}
    name = f"{part}/1.pdf"
    kept = {"name": name, "component": part, "sha256": file.sha256, "size": file.size, "media_type": file.media_type}
    tx.execute(insert(source_file).values(**common, **kept, state="stored", pages=1, signatures=0))
    scan = {"encoding": "jpeg", "width": 2480, "height": 3508, "dpi_x": 300.0, "dpi_y": 300.0, "channels": 3}
    read = {"number": 1, "scan_sha256": file.sha256, "scan": scan, "state": "read", "verdict": "good", "reasons": []}
    tx.execute(insert(page).values(**common, file_id=own, **read, words=file.sha256))


def _sign(tx: Transaction, dossier_id: str, document_id: str, file: ObjectRef) -> None:
    objects.record(tx, file, f"signed:{document_id}", "signed rendition", AT)
    renditions.put(tx, document_id, renditions.SIGNED, file.sha256, AT, _FACTS)
    events.append(tx, dossier_id, "archived", AT, {"document": document_id, "final": file.sha256})


def _stored(store: ObjectStore, code: str, part: str, version: int) -> ObjectRef:
    text = f"%PDF-1.7 {code} {part} {version}\n" + "x" * 3000
    return put_bytes(store, text.encode(), "application/pdf")


def _day(code: str) -> str:
    parsed = parse_code(code)
    assert parsed is not None
    return parsed.received.strftime("%d/%m/%Y")
