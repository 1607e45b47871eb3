"""Which pages of a document are looked at for its kind and data."""

from pipeline.identify import telling_pages


def test_every_page_of_a_usual_document_tells() -> None:
    """Up to sixty pages nothing is left out."""
    ids = tuple(f"p{n}" for n in range(60))
    assert telling_pages(ids) == ids


def test_beginning_and_end_of_a_very_long_document_tell() -> None:
    """Where it says what it is, and where it is signed; in order and never twice."""
    ids = tuple(f"p{n}" for n in range(1000))
    chosen = telling_pages(ids)
    assert chosen[:50] == ids[:50]
    assert chosen[50:] == ids[-10:]
    assert len(set(chosen)) == 60
