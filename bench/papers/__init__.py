"""Papers of the kinds that offices file, written from templates, with exact truth: kinds, fields, pages.

Three sets, `train`, `dev` and `frozen`, share no name of a person or place, no typeface, no wording and no layout:
`vocabulary/` and `templates/` have a part for each. Frozen templates are written without looking at the rules.
"""
