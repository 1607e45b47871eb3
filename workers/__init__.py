"""Ways to run the steps: local processes that poll the catalogue (dramatiq workers come with issue 3)."""
