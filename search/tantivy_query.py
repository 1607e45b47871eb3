"""A query as tantivy runs it: what must match, and the bonus that lifts exact pages above all others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tantivy import FieldType, Occur, Schema
from tantivy import Query as Engine

from search.filters import FIRST_PAGE, units_tags
from search.query import Query, Term

# BM25 sums stay far below this, so that one exact term outranks any number of folded ones.
EXACT_BONUS = 1000.0
HEAD_WEIGHT = 3.0
# More than all exact bonuses together: a page that has a word ranks above those that have one like it.
ITSELF_BONUS = 20_000.0
_ALIKE = 0.5


Pair = tuple[str, str]


def compiled(schema: Schema, query: Query, pairs: Sequence[Pair] = ()) -> Engine:
    """Return the engine's query; pages on which words of a pair stand beside each other are lifted."""
    clauses = _terms(schema, query)
    clauses += [(Occur.Should, bonus) for term in query.terms for bonus in _bonuses(schema, term)]
    clauses += [(Occur.Should, Engine.phrase_query(schema, "body_fold", list(pair))) for pair in pairs]
    clauses += [(Occur.Must, wanted) for wanted in _filters(schema, query)]
    return Engine.boolean_query(clauses)


def matching(schema: Schema, query: Query) -> Engine:
    """Return the query that finds the same and ranks nothing: for counting."""
    clauses = _terms(schema, query)
    clauses += [(Occur.Must, wanted) for wanted in _filters(schema, query)]
    return Engine.const_score_query(Engine.boolean_query(clauses), 0.0)


def pairs_of(query: Query) -> list[Pair]:
    """Return words that were typed beside each other, as those of a name: pages that have them so are meant first."""
    rows = [term.fold for term in query.terms if not (term.prefix or term.whole or term.near)]
    return [(one[0], other[0]) for one, other in pairwise(rows) if len(one) == len(other) == 1]


def has_phrases(query: Query) -> bool:
    """Return whether a query has words in a row, which cost as much to count as to rank."""
    return any(len(term.fold) > 1 for term in query.terms)


def _terms(schema: Schema, query: Query) -> list[tuple[Occur, Engine]]:
    found = [_found(schema, term) for term in query.terms]
    if not query.lacking:
        return [(Occur.Must, each) for each in found]
    most = Engine.boolean_query([(Occur.Should, each) for each in found], len(found) - 1)
    return [(Occur.Must, most)]


def _found(schema: Schema, term: Term) -> Engine:
    itself = _itself(schema, term)
    if not term.near:
        return itself
    alike = [
        Engine.boost_query(Engine.term_query(schema, field, key), _ALIKE / (1 + place))
        for place, key in enumerate(term.near)
        for field in ("head_fold", "body_fold")
    ]
    return Engine.boolean_query([(Occur.Should, way) for way in (itself, *alike)])


def _itself(schema: Schema, term: Term) -> Engine:
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
    bonuses = [(Engine.boolean_query([(Occur.Should, way) for way in ways]), EXACT_BONUS)] if ways else []
    if term.near:
        bonuses.append((_itself(schema, term), ITSELF_BONUS))
    return [Engine.const_score_query(found, bonus) for found, bonus in bonuses]


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
    sets = query.filters.tags()
    if not query.terms:
        sets.append(frozenset({FIRST_PAGE}))
    if query.units is not None:
        sets.append(units_tags(query.units))
    found = [Engine.term_set_query(schema, "tags", sorted(tags)) for tags in sets]
    found += [_row(schema, column, keys, prefix=False) for column, keys in query.filters.phrases()]
    found += [
        Engine.range_query(schema, name, FieldType.Integer, first, last) for name, first, last in query.filters.ranges()
    ]
    return [Engine.const_score_query(each, 0.0) for each in found]
