"""A query as tantivy runs it: what must match, and the bonus that lifts exact pages above all others."""

from __future__ import annotations

import re

from tantivy import Occur, Schema
from tantivy import Query as Engine

from search.query import Query, Term

# BM25 sums stay far below this, so that one exact term outranks any number of folded ones.
EXACT_BONUS = 1000.0
HEAD_WEIGHT = 3.0


def compiled(schema: Schema, query: Query) -> Engine:
    """Return the engine's query."""
    clauses = [(Occur.Must, _found(schema, term)) for term in query.terms]
    clauses += [(Occur.Should, bonus) for term in query.terms for bonus in _bonuses(schema, term)]
    clauses += [(Occur.Must, wanted) for wanted in _filters(schema, query)]
    return Engine.boolean_query(clauses)


def _found(schema: Schema, term: Term) -> Engine:
    ways = [
        Engine.boost_query(_row(schema, field, alternative.fold, prefix=alternative.prefix), weight)
        for alternative in term.alternatives()
        for field, weight in (("head_fold", HEAD_WEIGHT), ("body_fold", 1.0))
    ]
    return Engine.boolean_query([(Occur.Should, way) for way in ways])


def _bonuses(schema: Schema, term: Term) -> list[Engine]:
    ways: list[Engine] = []
    if term.exact:
        ways += [_row(schema, field, term.exact, prefix=term.prefix) for field in ("head_exact", "body_exact")]
    if term.whole:
        ways.append(_row(schema, "whole", (term.whole,), prefix=term.prefix))
    if not ways:
        return []
    return [Engine.const_score_query(Engine.boolean_query([(Occur.Should, way) for way in ways]), EXACT_BONUS)]


def _row(schema: Schema, field: str, keys: tuple[str, ...], *, prefix: bool) -> Engine:
    if prefix:
        patterns = [*(re.escape(key) for key in keys[:-1]), f"{re.escape(keys[-1])}.*"]
        if len(patterns) == 1:
            return Engine.regex_query(schema, field, patterns[0])
        return Engine.regex_phrase_query(schema, field, list(patterns))
    if len(keys) == 1:
        return Engine.term_query(schema, field, keys[0])
    return Engine.phrase_query(schema, field, list(keys))


def _filters(schema: Schema, query: Query) -> list[Engine]:
    wanted = {"kind": query.kind, "unit": query.unit, "year": query.year, "code": query.code}
    found = [Engine.term_query(schema, field, value) for field, value in wanted.items() if value is not None]
    if query.units is not None:
        found.append(Engine.term_set_query(schema, "unit", sorted(query.units)))
    return [Engine.const_score_query(each, 0.0) for each in found]
