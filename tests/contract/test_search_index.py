"""Every search index keeps the promises of `search/port.py` and finds Vietnamese as people write and type it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dossier.errors import Code, Rejected
from dossier.text import fold
from search import Facts, Filters, IndexPage, SearchIndex, parse_query
from search.fts5_index import Fts5Index
from search.nearness import find, widened
from search.tantivy_index import TantivyIndex

INDEXES: dict[str, Callable[[Path], SearchIndex]] = {"tantivy": TantivyIndex, "fts5": Fts5Index}
CODE = "H15.50.05.13-261008-0975"


@pytest.fixture(params=INDEXES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    """A new index of each kind."""
    return INDEXES[request.param](tmp_path / "index")


def page(text: str = "", document: str = "d1", number: int = 1, **more: Any) -> IndexPage:  # noqa: ANN401 - any field of the page
    """Return a page with a text, and what else a test cares about."""
    plain = IndexPage(f"{document}:{number}", document, CODE, number, "don", "U1", 2026, "", text)
    return replace(plain, **more)


def found(index: SearchIndex, text: str, **filters: Any) -> list[str]:  # noqa: ANN401 - any filter
    """Return the ids of the documents found, best first."""
    answer = index.search(parse_query(text, Filters(**filters)))
    return [hit.document_id for hit in answer.hits]


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("Đơn đề nghị", "don"),
        ("Đơn đề nghị", "Đơn"),
        ("ĐƠN ĐỀ NGHỊ", "đơn"),
        ("Ðơn", "đơn"),
        ("quyền sử dụng đất", "dat"),
        ("quyền sử dụng đất", "DAT"),
        ("Nguyễn Thị Huế", "nguyen hue"),
        (unicodedata.normalize("NFD", "giấy cấp đổi, Đơn"), "cấp"),
        (unicodedata.normalize("NFD", "giấy cấp đổi, Đơn"), "don"),
        ("giấy cấp đổi", unicodedata.normalize("NFD", "cấp")),
        ("phường Hòa Bình", "hoà"),
        ("phường Hoà Bình", "hòa"),
        ("Trần Thúy", "thuý"),
        ("Ủy ban", "Uỷ ban"),
        ("Công ty kỹ thuật", "công ti kĩ thuật"),
        ("quí I", "quý"),
        ("CCCD số 099175004461.", "099175004461"),
        ("Số:123/2024/QĐ-UBND", "123/2024/qd-ubnd"),
        ("Số 123/2024/QĐ–UBND", "123/2024/QĐ-UBND"),
        ("Số 123 / 2024 / QĐ - UBND", "123/2024/QĐ-UBND"),
        ("Số 123/2024/QĐ-UBND", "ubnd"),
        ("nơi nhận:Lưu", "lưu"),
        ("thửa số 12,tờ 7", "12 7"),
    ],
)
def test_what_is_printed_is_found_as_it_is_typed(index: SearchIndex, printed: str, typed: str) -> None:
    """Marks, case, Unicode form, tone placement, i and y, dashes: people find the page all the same."""
    index.update([page(printed)], [], 1)
    assert found(index, typed) == ["d1"]


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("Đơn đề nghị", "do"),
        ("099175004461", "09917500446"),
        ("099175004461", "9175004461"),
        ("Số 124/2024/QĐ-UBND, số 123", "123/2024/QĐ-UBND"),
        ("123, 2024, QĐ, của UBND", "123/2024/QĐ-UBND"),
        ("UBND-QĐ/2024/123", "123/2024/QĐ-UBND"),
        ("Thúy", "thủi"),
        ("nhân dân ủy ban", '"ủy ban nhân dân"'),
        ("ủy ban phường nhân dân", '"ủy ban nhân dân"'),
        ("ngữ văn", "nguy*"),
        ("đất", "đất nhà"),
    ],
)
def test_what_is_not_there_is_not_found(index: SearchIndex, printed: str, typed: str) -> None:
    """Parts of words, other numbers, words in another order and missing words are no hits."""
    index.update([page(printed)], [], 1)
    assert found(index, typed) == []


@pytest.mark.parametrize(
    ("printed", "typed", "hit"),
    [
        ("người Nguyễn ngư dân", "ngu*", True),
        ("Nguyễn Văn An", '"nguyen va*"', True),
        ("Nguyễn Đình Văn", '"nguyen va*"', False),
        ("kĩ sư", "ky*", True),
        ("kỹ sư", "ki*", True),
        ("Số 123/2024/QĐ-UBND", "123/2024*", True),
        ("Số 123/2025/QĐ-UBND", "123/2024*", False),
        ("Phường Hòa Bình", "phườ*", True),
    ],
)
def test_beginnings_of_words(index: SearchIndex, printed: str, typed: str, *, hit: bool) -> None:
    """A star finds the words that begin so, alone, at the end of a phrase and in a symbol."""
    index.update([page(printed)], [], 1)
    assert bool(found(index, typed)) is hit


@pytest.mark.parametrize(
    ("typed", "exact", "folded"),
    [
        ("bản", "một bản sao và nhiều chữ khác nữa", "bạn bạn bạn"),
        ("Hoà", "phường Hòa Bình có nhiều chữ", "hoa hoa hoa"),
        ('"bán nhà"', "hợp đồng bán nhà ở xã hội", "bản nhà bản nhà"),
        ("phườ*", "một phường nào đó ở xa", "phuong phuong"),
        ("ủy ban", "ủy ban nhân dân phường xã", "ủy bản ủy bản"),
        ("123/2024/QĐ-UBND", "số 123/2024/QĐ-UBND ngày hôm nay", "123 2024 QĐ UBND 123 2024 QĐ UBND"),
    ],
)
def test_exact_marks_rank_above_folded_ones(index: SearchIndex, typed: str, exact: str, folded: str) -> None:
    """A page with the very marks typed comes before one with other marks, however often that one has them."""
    title = folded if "/" not in typed else ""
    index.update([page(folded, "other", title=title), page(exact, "exact")], [], 1)
    assert found(index, typed) == ["exact", "other"]


def test_without_marks_all_marks_are_equal(index: SearchIndex) -> None:
    """Who types no marks gets every spelling, best match first and not the unmarked spelling first."""
    index.update([page("ban công và chữ khác ở đây", "unmarked"), page("bản bản bản", "marked")], [], 1)
    assert found(index, "ban") == ["marked", "unmarked"]


def test_title_and_fields_weigh_more_than_text(index: SearchIndex) -> None:
    """What a document is called, and what was read from it as a field, comes before what it mentions."""
    index.update(
        [
            page("giấy khai sinh của con", "text"),
            page("nội dung", "title", title="Giấy khai sinh"),
            page("nội dung", "field", boost_fields=("giấy khai sinh",)),
        ],
        [],
        1,
    )
    assert found(index, "khai sinh")[2] == "text"


def test_phrases_stay_inside_title_and_fields(index: SearchIndex) -> None:
    """The end of one field and the beginning of the next are no phrase."""
    index.update([page(title="Nguyễn Văn", boost_fields=("An Bình",))], [], 1)
    assert found(index, '"văn an"') == []
    assert found(index, '"an bình"') == ["d1"]


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), CODE.replace("-", "–"), CODE.replace("-", "_"), "H15.50*"])
def test_a_dossier_code_finds_its_pages(index: SearchIndex, typed: str) -> None:
    """The mã hồ sơ is found in each of the ways it is written, and by its beginning."""
    index.update([page("đơn"), page("đơn", "d2", code="H15.50.05.13-261008-0976")], [], 1)
    assert found(index, typed)[0] == "d1"


def test_filters(index: SearchIndex) -> None:
    """Each filter keeps its own pages, and all of them together the pages that pass each."""
    other: dict[str, Any] = {"kind": "to_khai", "year": 2025, "code": "000.00.15.H40-180601-0001"}
    mine: dict[str, Any] = {"kind": "don", "units": frozenset({"U1", "U9"}), "year": 2026, "code": CODE}
    index.update([page("đất", "mine"), *(page("đất", name, **{name: value}) for name, value in other.items())], [], 1)
    for name, value in other.items():
        assert found(index, "đất", **{name: value}) == [name]
    assert found(index, "đất", units=frozenset({"U2"})) == []
    assert found(index, "đất", **mine) == ["mine"]
    assert found(index, "đất", **{**mine, "year": 1999}) == []


FACTS = Facts(
    numbers=("047", "QĐ-UBND", "047/QĐ-UBND"),
    dated=20260304,
    issuers=("Ủy ban nhân dân xã Chiềng Lề",),
    people=("Nguyễn Thị Huế", "Trần Văn An"),
    identities=("099 175 004 461",),
    parcels=("212",),
    sheets=("36",),
    field="Đất đai",
    procedure="1.004193",
    box="Kho 2, giá 3, hộp 41",
    file_number="17",
    received=20260301,
    signature="valid",
)


@pytest.mark.parametrize(
    ("filters", "hit"),
    [
        ({"number": "47/qđ - ubnd"}, True),
        ({"number": "47"}, True),
        ({"number": "QĐ–UBND"}, True),
        ({"number": "4"}, False),
        ({"number": "47/QĐ"}, False),
        ({"issuer": "chieng le"}, True),
        ({"issuer": "chieng la"}, False),
        ({"person": "hue nguyen"}, True),
        ({"person": "hung"}, False),
        ({"identity": "099175004461"}, True),
        ({"identity": "099175004462"}, False),
        ({"parcel": "0212", "sheet": "36"}, True),
        ({"parcel": "36", "sheet": "212"}, False),
        ({"field": "dat dai"}, True),
        ({"field": "đất"}, False),
        ({"procedure": "1.004193"}, True),
        ({"box": "kho 2, giá 3,  hộp 41"}, True),
        ({"box": "hộp 41"}, False),
        ({"locator": "hop 41 ho so 17"}, True),
        ({"locator": "hop 17"}, False),
        ({"dated_from": date(2026, 3, 4), "dated_to": date(2026, 3, 4)}, True),
        ({"dated_to": date(2026, 3, 3)}, False),
        ({"received_from": date(2026, 3, 1), "received_to": date(2026, 12, 31)}, True),
        ({"received_from": date(2026, 3, 2)}, False),
        ({"signature": "valid"}, True),
        ({"signature": "invalid"}, False),
    ],
)
def test_facts_are_found_by_their_filters(index: SearchIndex, filters: dict[str, Any], *, hit: bool) -> None:
    """With words and without; numbers as whole tokens, names by their words, days inside their bounds."""
    index.update([page("đất", facts=FACTS), page("nhà", number=2, facts=FACTS), page("đất", "d2")], [], 1)
    assert found(index, "dat", **filters) == (["d1"] if hit else [])
    assert found(index, "", **filters) == (["d1"] if hit else [])


@pytest.mark.parametrize(
    "filters",
    [
        {"identity": "12345"},
        {"signature": "fine"},
        {"person": "..."},
        {"issuer": "x" * 101},
        {"dated_from": date(2026, 3, 4), "dated_to": date(2026, 3, 3)},
    ],
)
def test_filters_that_cannot_be_meant_are_told(filters: dict[str, Any]) -> None:
    """Not passed over in silence."""
    with pytest.raises(Rejected) as told:
        parse_query("dat", Filters(**filters))
    assert told.value.code is Code.QUERY_INVALID


def test_without_words_documents_are_listed_newest_first(index: SearchIndex) -> None:
    """Each once, by the day of reception."""
    days = {"old": 20250101, "new": 20261231, "middle": 20260601}
    index.update([page("x", name, n, facts=Facts(received=day)) for name, day in days.items() for n in (1, 2)], [], 1)
    assert found(index, "", kind="don") == ["new", "middle", "old"]


def test_facets_count_what_is_found_and_may_be_seen(index: SearchIndex) -> None:
    """By each facet, most first; what is filtered out or not to be seen is in no count; what is removed is gone."""
    other = replace(FACTS, field="Hộ tịch", signature="invalid")
    index.update(
        [
            page("đất", "d1", facts=FACTS),
            page("đất", "d2", facts=FACTS, kind="to_khai"),
            page("đất", "d3", facts=other, year=2025),
            page("đất", "d4", facts=other, unit="U2"),
            page("nhà", "d5", facts=FACTS),
            page("đất", "d6", facts=FACTS),
        ],
        [],
        1,
    )
    index.update([], ["d6"], 2)
    counts = index.facets(replace(parse_query("dat"), units=frozenset({"U1"})))
    assert counts["kind"] == (("don", 2), ("to_khai", 1))
    assert counts["year"] == (("2026", 2), ("2025", 1))
    assert counts["unit"] == (("U1", 3),)
    assert counts["field"] == (("Đất đai", 2), ("Hộ tịch", 1))
    assert counts["procedure"] == (("1.004193", 3),)
    assert counts["signature"] == (("valid", 2), ("invalid", 1))
    assert index.facets(parse_query("dat", Filters(year=2025)))["field"] == (("Hộ tịch", 1),)


def test_a_word_that_was_misread_is_found_below_those_that_were_not(index: SearchIndex) -> None:
    """When nothing matches, near words stand in; the page that has the word itself comes first; numbers stay."""
    index.update([page("hộ tịch Chuyến số 12"), page("hộ tich Chuyển", "d2"), page("hộ khẩu", "d3")], [], 1)
    query = widened(parse_query("hộ tjch chuyen"), index)
    assert query.widened == ("tjch",)
    assert {hit.document_id for hit in index.search(query).hits} == {"d1", "d2"}
    assert "tịch" in index.search(query).hits[0].words + index.search(query).hits[1].words
    index.update([page("hộ tjch chuyen", "d4")], [], 2)
    assert next(hit.document_id for hit in index.search(query).hits) == "d4"
    assert widened(parse_query("13"), index).widened == ()


def test_where_every_word_is_somewhere_all_may_have_been_misread(index: SearchIndex) -> None:
    """The page that has two words of three and one misread; that a word is known elsewhere is not told."""
    index.update([page("quyết đinh phê duyệt"), page("quyếl", "d2", unit="U2"), page("duyệt quyet", "d3")], [], 1)
    query = widened(parse_query("quyet dinh duyet"), index)
    assert index.search(query).hits[0].document_id == "d1"
    foreign = replace(parse_query("quyel duyet"), units=frozenset({"U1"}))
    assert widened(foreign, index).widened == ("quyel",)


@pytest.mark.parametrize("kind", INDEXES)
def test_an_index_of_an_older_format_is_cleared_away(kind: str, tmp_path: Path) -> None:
    """The first update that builds the new one removes it; that of the other engine stays."""
    (tmp_path / "tantivy-1").mkdir()
    (tmp_path / "fts5-1.sqlite3").touch()
    INDEXES[kind](tmp_path).update([page("đất")], [], 1)
    assert (tmp_path / "tantivy-1").exists() is (kind != "tantivy")
    assert (tmp_path / "fts5-1.sqlite3").exists() is (kind != "fts5")


def test_a_page_that_lacks_one_word_is_better_than_none(index: SearchIndex) -> None:
    """Only where nothing else is found, and of three words or more: a number that was misread is never guessed."""
    index.update([page("lê thị hùng số 093296424116"), page("lê thị mai", "d2", unit="U2")], [], 1)
    hits, query = find(parse_query("le thi hung 093296424176"), index)
    assert ([hit.document_id for hit in hits.hits], query.lacking) == (["d1"], True)
    assert find(parse_query("hung 093296424176"), index)[0].total == 0
    assert find(parse_query("le thi mai"), index)[1] == parse_query("le thi mai")
    assert index.facets(query)["unit"] == (("U1", 1),)


def test_what_a_person_may_not_see_is_neither_found_nor_counted(index: SearchIndex) -> None:
    """Whatever else is asked for: units of others, no unit at all, very many units."""
    index.update([page("đất", f"d{number}", unit=f"U{number % 3}") for number in range(9)], [], 1)
    query = parse_query("dat")
    for units, count in (({"U1"}, 3), ({"U1", "U2"}, 6), (set(), 0), ({f"U{number}" for number in range(50_000)}, 9)):
        assert index.search(replace(query, units=frozenset(units))).total == count
    assert (
        index.search(replace(parse_query("dat", Filters(units=frozenset({"U0"}))), units=frozenset({"U1"}))).total == 0
    )


def test_a_code_filter_takes_every_way_of_writing(index: SearchIndex) -> None:
    """The filter by mã hồ sơ normalises what it is given."""
    index.update([page("đất")], [], 1)
    assert found(index, "đất", code=f" {CODE.lower()} ") == ["d1"]


def test_pagination_covers_everything_once(index: SearchIndex) -> None:
    """The pages of an answer follow each other without gap or overlap and tell the same total."""
    index.update([page("đất " * (number % 3 + 1), f"d{number}") for number in range(25)], [], 1)
    query, seen = parse_query("dat"), []
    for offset in range(0, 30, 10):
        answer = index.search(query, limit=10, offset=offset)
        assert answer.total == 25
        seen += [hit.document_id for hit in answer.hits]
    assert len(seen) == len(set(seen)) == 25


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (-1, 0), (1001, 0), (10, -1), (10, 100_001)])
def test_answers_are_bounded(index: SearchIndex, limit: int, offset: int) -> None:
    """Nobody asks for nothing, or for everything at once."""
    with pytest.raises(Rejected) as told:
        index.search(parse_query("dat"), limit, offset)
    assert told.value.code is Code.QUERY_INVALID


def test_a_hit_tells_what_was_found(index: SearchIndex) -> None:
    """A hit carries its dossier, place and kind, the line with the words marked, and the words as printed."""
    index.update([page("Kính gửi: Ủy ban nhân dân phường Hòa Bình", number=3, title="Đơn xin")], [], 1)
    (hit,) = index.search(parse_query("uy ban")).hits
    assert (hit.code, hit.document_id, hit.page, hit.kind, hit.unit, hit.year) == (CODE, "d1", 3, "don", "U1", 2026)
    assert hit.snippet == "Kính gửi: «Ủy» «ban» nhân dân phường Hòa Bình"
    assert hit.words == ("Ủy", "ban")
    assert hit.title == "Đơn xin"


def test_a_new_index_is_empty(index: SearchIndex) -> None:
    """Before the first update there is nothing to find and the mark is 0."""
    assert index.mark() == 0
    assert index.search(parse_query("dat")).total == 0


def test_an_update_replaces_whole_documents(index: SearchIndex) -> None:
    """A document that comes again is what came last: changed pages change, pages that are gone are gone."""
    index.update([page("cũ một", number=1), page("cũ hai", number=2), page("cũ", "d2")], [], 1)
    index.update([page("mới", number=1)], [], 2)
    assert found(index, "cũ") == ["d2"]
    assert found(index, "mới") == ["d1"]
    assert index.mark() == 2


def test_documents_are_removed(index: SearchIndex) -> None:
    """A removed document is not found any more; removing one that is unknown is nothing."""
    index.update([page("đất", number=1), page("đất", number=2), page("đất", "d2")], [], 1)
    index.update([], ["d1", "unknown"], 2)
    assert found(index, "đất") == ["d2"]
    assert index.mark() == 2


def test_a_replayed_update_changes_nothing(index: SearchIndex) -> None:
    """After a crash before the acknowledgement the same update comes again, and the index stays as it was."""
    for _ in range(3):
        index.update([page("đất", number=1), page("đất", number=2)], ["d2"], 7)
    assert index.search(parse_query("đất")).total == 2
    assert index.mark() == 7


def test_an_overtaken_writer_changes_nothing(index: SearchIndex) -> None:
    """An update from before the mark is old content and must not come back."""
    index.update([page("mới")], [], 9)
    index.update([page("cũ")], [], 8)
    assert found(index, "mới") == ["d1"]
    assert index.mark() == 9


def test_a_failing_source_changes_nothing(index: SearchIndex) -> None:
    """When the catalogue fails in the middle of an update, its error comes through and content and mark stay."""
    index.update([page("đất")], [], 1)

    def pages() -> Iterator[IndexPage]:
        yield page("nhà")
        raise ConnectionResetError("catalogue gone")

    with pytest.raises(ConnectionResetError):
        index.update(pages(), [], 2)
    assert found(index, "đất") == ["d1"]
    assert index.mark() == 1
    index.update([page("nhà")], [], 2)
    assert found(index, "nhà") == ["d1"]


def test_a_page_comes_once_in_an_update(index: SearchIndex) -> None:
    """The same page twice is a bug of the caller, told before anything is changed."""
    with pytest.raises(ValueError, match="twice"):
        index.update([page("một"), page("hai")], [], 1)
    assert index.mark() == 0


def test_clear_empties_and_resets_the_mark(index: SearchIndex) -> None:
    """A cleared index is as new, and can be filled again."""
    index.update([page("đất")], [], 5)
    index.clear()
    index.clear()
    assert index.mark() == 0
    assert found(index, "đất") == []
    index.update([page("đất")], [], 1)
    assert found(index, "đất") == ["d1"]


@pytest.mark.parametrize("kind", INDEXES)
def test_another_process_sees_the_update(kind: str, tmp_path: Path) -> None:
    """A second index on the same folder, as a web process has, finds what the first one wrote since."""
    writer, reader = INDEXES[kind](tmp_path), INDEXES[kind](tmp_path)
    for mark in range(1, 4):
        writer.update([page(f"lần {mark}")], [], mark)
        assert reader.mark() == mark
        assert found(reader, f'"lần {mark}"') == ["d1"]
    writer.clear()
    assert reader.mark() == 0


SYLLABLES = ("đất", "dat", "ĐẬT", "bản", "bạn", "hòa", "hoà", "hóa", "kỹ", "kĩ", "12", "5/2024/QĐ-UBND", "nhà.ở")


@pytest.mark.parametrize("seed", range(3))
def test_finds_what_a_plain_scan_finds(index: SearchIndex, seed: int) -> None:
    """On random pages, random words and phrases find exactly the pages that a scan of folded text finds."""
    random = Random(seed)
    texts = {f"d{n}": " ".join(random.choices(SYLLABLES, k=random.randint(1, 9))) for n in range(60)}
    index.update([page(text, name) for name, text in texts.items()], [], 1)
    for _ in range(40):
        words = random.choices(SYLLABLES, k=random.randint(1, 3))
        phrases = [" ".join(words)] if random.random() < 0.5 else words
        typed = " ".join(f'"{phrase}"' for phrase in phrases)
        wanted = {name for name, text in texts.items() if all(_plain(phrase) in _plain(text) for phrase in phrases)}
        answer = index.search(parse_query(typed), limit=100)
        assert {hit.document_id for hit in answer.hits} == wanted, typed
        assert answer.total == len(wanted)


def _plain(text: str) -> str:
    folded = fold(text).translate(str.maketrans("./-", "   "))
    return f" {folded} ".replace(" ky ", " ki ").replace(" ky ", " ki ")


def test_hostile_text_is_indexed_without_harm(index: SearchIndex) -> None:
    """Endless words, lone marks, control characters, surrogates and the index's own separators do no damage."""
    text = "a" * 500_000 + "\u0301\u0301 \x00 \ue0ff \ud800 \u202e đất " + '"* OR NEAR( ' + "b" * 70_000
    index.update([page("đất " + text, title=text)], [], 1)
    assert found(index, "đất") == ["d1"]
