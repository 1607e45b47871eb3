"""The catalogue: the truth about dossiers, pages, documents, work and events. SQL lives here and nowhere else.

Open it with `Catalogue`; `read()` and `write()` give a transaction that the functions of the modules here take:
`intakes`, `pages`, `documents`, `work`, `events`, `objects`, `register_rows`, `problems`.
"""

from catalog.catalogue import Catalogue, Transaction

__all__ = ["Catalogue", "Transaction"]
