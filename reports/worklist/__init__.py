"""The work list: which dossier or box to take next so that the rate rises soonest, and what to do with it."""
