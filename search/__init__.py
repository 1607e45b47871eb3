"""Full-text search over archived pages: a projection of the catalogue that may be thrown away and rebuilt."""

from search.filters import Facts, Filters
from search.port import Hit, Hits, IndexPage, SearchIndex
from search.query import Query, parse_query

__all__ = ["Facts", "Filters", "Hit", "Hits", "IndexPage", "Query", "SearchIndex", "parse_query"]
