# hososo. `make` alone lists what can be done.
.DEFAULT_GOAL := help
SHELL := /bin/bash -euo pipefail
BIN := .venv/bin
PACKAGES := hososo workers pipeline reports ingest ocr classify rendition signing station storage catalog search registers confine dossier

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: ## from nothing to signed, searchable dossiers and the figure
	@install/system.sh run
	@install/venv.sh run
	@samples/demo.sh

unit: ## fast tests without servers or Tesseract
	@install/venv.sh dev
	@$(BIN)/pytest -q -m "not server" tests/unit tests/contract tests/architecture

test: ## everything that CI runs
	@install/system.sh test
	@install/venv.sh dev
	@$(MAKE) --no-print-directory lint
	@echo "== all tests, on real tools"
	@$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not long" tests --ignore=tests/judge
	@$(MAKE) --no-print-directory judge

test-long: ## the combinations that `make test` leaves out
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/pytest -q -m long tests --ignore=tests/judge

properties: ## what must not change a reading, on many random pages
	@install/system.sh test
	@install/venv.sh dev
	@HOSOSO_EXAMPLES=60 $(BIN)/pytest -q --timeout 3600 tests/unit/ocr/test_preparation_properties.py tests/integration/ocr/test_invariance.py

outside: ## the reader on the test images of OCRmyPDF, pikepdf, Pillow, pypdf, img2pdf and tesserocr
	@install/system.sh test
	@install/venv.sh dev
	@install/outside.sh
	@$(BIN)/python -m bench.outside

lint: ## style, types, import contracts, scripts, image, compose files
	@install/venv.sh dev
	@echo "== ruff, mypy, import contracts"
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/mypy --no-error-summary --platform win32 --cache-dir .mypy_cache/win32 hososo/main.py hososo/commands/sign_agent.py hososo/commands/station.py
	@$(BIN)/lint-imports --no-cache
	@echo "== shell scripts, Dockerfiles, compose files"
	@$(BIN)/shellcheck $$(git ls-files '*.sh') .ci/run
	@$(BIN)/hadolint Dockerfile deploy/store/Dockerfile
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml deploy/*.compose.yaml

judge: ## veraPDF and DSS over what the program writes, MinIO over how it stores
	@install/system.sh judge
	@install/venv.sh dev
	@tests/judge/run.sh
	@$(BIN)/python -W ignore -m tests.judge.signatures
	@$(BIN)/python -m tests.judge.dossiers
	@tests/judge/minio/run.sh

bench: ## CPU per page against the bare engine, and peak memory
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.whole

bench-reading: ## how well pages are read: the frozen set, all readers (hours)
	@install/system.sh bench
	@install/venv.sh dev
	@install/bench.sh
	@$(BIN)/python -m bench.legibility --set frozen --pages-per-condition 12 --readers hososo,plain,recipe,pytesseract,ocrmypdf

bench-papers: ## kinds, fields and splitting on 60 papers of each kind, frozen set (an hour)
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.papers measure frozen --per-kind 60 --keep bench/papers/results

bench-lists: ## what agencies' lists and unit trees, some rows wrong, make of values on papers (half an hour the first time)
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.papers.lists dev --per-kind 12 --jobs 2

bench-papers-again: ## what a second reading of doubtful numbers and days is worth, dev set (a quarter of an hour)
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.papers.again dev --per-kind 4

bench-pace: ## scans to unsigned PDF/A, beside OCRmyPDF
	@install/system.sh bench
	@install/venv.sh dev
	@install/bench.sh
	@$(BIN)/python -m bench.pace

bench-signing: ## B-LTA signatures a second of CPU, against pyHanko alone, and peak memory against file size
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.signing

bench-status: ## time of `hososo status` with a million pages, SQLite and PostgreSQL
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.status

bench-reports: ## every report of a year over a million dossiers, SQLite and PostgreSQL (half an hour)
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.reports

bench-search: ## search among 100,000 pages, 2,000 of them really read: time, known-item search (an hour the first time)
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.search

bench-worklist: ## does the work list reach 80 % with fewer pages than first in, first out: a simulated backlog
	@install/venv.sh dev
	@$(BIN)/python -m bench.worklist

bench-separators: ## are separator sheets read, and nothing else: 100 sheets through 11 damages, 1,000 pages without a code
	@install/venv.sh dev
	@$(BIN)/python -m bench.separators --sheets 100 --pages 1000

bench-page-checks: ## are bad scans told and good ones left alone: recall and precision of every check, page numbers too; seconds to the first verdict (half an hour)
	@install/venv.sh dev
	@$(BIN)/python -m bench.page_numbers --seed 101
	@$(BIN)/python -m bench.page_checks --pages 8 --seed 101 --set frozen
	@$(BIN)/python -m bench.first_verdict

bench-secrecy: ## are secrecy stamps seen, and only they: 500 stamped pages, 500 harsher ones, 2,000 ordinary (an hour)
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.secrecy

train-kinds: ## train the words of kinds again, from the train and dev sets of bench.papers (minutes)
	@install/system.sh test
	@install/venv.sh dev
	@install/train.sh
	@.train/venv/bin/python -m bench.papers.training

train-roles: ## train whose names, days and numbers are again, from the train and dev sets of bench.papers (minutes)
	@install/system.sh test
	@install/venv.sh dev
	@install/train.sh
	@.train/venv/bin/python -m bench.papers.training_roles --turns

fit-confidence: ## fit how sure values are again, on papers of the train and dev sets (an hour the first time)
	@install/system.sh test
	@install/venv.sh dev
	@install/train.sh
	@mkdir -p .bench
	@.train/venv/bin/python -m bench.papers.training_roles --per-template 4 --without '_[1357]$$' --to .bench/odd.npz
	@.train/venv/bin/python -m bench.papers.training_roles --per-template 4 --without '_[2468]$$' --to .bench/even.npz
	@$(BIN)/python -m bench.papers.fitting --per-kind 12 --jobs 2 \
	  --roles '_[1357]$$=.bench/odd.npz' '_[2468]$$=.bench/even.npz'

train-splitting: ## train again what the signs of a page count for a first page, from stacks of bench.papers (minutes)
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.papers.training_splits

train-secrecy: ## train the network that sees secrecy stamps again, from drawn papers (an hour)
	@install/system.sh test
	@install/train.sh
	@OMP_NUM_THREADS=1 .train/venv/bin/python -m bench.secrecy.train .train/examples ocr/data/letters_far.npz
	@OMP_NUM_THREADS=1 .train/venv/bin/python -m bench.secrecy.train_close .train/examples ocr/data/letters_close.npz

guide-pictures: ## the screens of the user guide, from the browser over a digitised archive
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/pytest -q tests/integration/docs/test_guide_pictures.py
	@$(BIN)/python -m docs.pictures.guide

bench-web: ## pages of a long document with words marked, and fifty people at once on the web pages
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.web

bench-register: ## import a register of a million dossiers: rows a second and memory, SQLite and PostgreSQL
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.register

bench-scaling: ## pages a minute with one and two worker processes, local and with servers
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.scaling

bench-enqueue: ## enqueue 100,000 page tasks: seconds, memory, claims a second with that backlog
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.enqueue

backlog: ## 10,000 small pages in 40 boxes, unattended, through two restarts
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m bench.backlog

kill-campaign: ## kill -9 at 50 random moments, then count every page
	@install/system.sh test
	@install/venv.sh dev
	@HOSOSO_KILLS=50 $(BIN)/pytest -q tests/e2e/test_kill.py --timeout 3600

station-campaign: ## a scanning station killed 40 times, its network cut; every page counted
	@install/venv.sh dev
	@HOSOSO_KILLS=40 HOSOSO_SEED=1 $(BIN)/pytest -q -m long tests/integration/station/test_kill.py --timeout 3600

day-campaign: ## a day at the counter: 300 dossiers, 2,000 pages, two stations, everything going wrong (an hour); every sheet counted
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m tests.day.campaign --dossiers 300 --pages 2000 --seed 1

flips: ## 2,000 bits turned in signed files, none may be overlooked
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -W ignore -m tests.attacks.flips --flips 2000

return-campaign: ## 300 dossiers to one-stop software that misbehaves, the sender killed ten times; both sides counted
	@install/venv.sh dev
	@$(BIN)/python -m tests.returning.campaign --dossiers 300 --kills 10 --seed 1
	@$(BIN)/python -m tests.returning.campaign --dossiers 200 --kills 10 --seed 2

chaos: ## 200 faults on three installations, then count every page
	@install/system.sh test
	@install/venv.sh dev
	@$(BIN)/python -m tests.chaos.campaign --faults 130 --seed 1 --database postgresql --broker rabbitmq --store s3
	@$(BIN)/python -m tests.chaos.campaign --faults 50 --seed 2 --database postgresql --broker redis --store s3
	@$(BIN)/python -m tests.chaos.campaign --faults 25 --seed 3 --database sqlite --broker none --store folder --hosts 1

image-check: ## the image's install script in a bare Debian root (as root, needs debootstrap)
	@tests/deploy/bare_root.sh

requirements: ## pin the dependencies again (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet pyproject.toml -o requirements/runtime.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --group build -o requirements/build.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --group dev -c requirements/runtime.txt -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --group train -o requirements/train.txt
	echo ocrmypdf | uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet - -o requirements/bench.txt

clean: ## remove what was built, the demo included
	rm -rf .venv .bench .train .java .go .outside demo build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help demo unit test test-long properties outside lint judge bench bench-reading bench-signing bench-pace bench-status bench-reports bench-search bench-worklist bench-papers bench-lists bench-papers-again bench-separators bench-secrecy train-kinds train-roles train-splitting fit-confidence train-secrecy bench-page-checks bench-register bench-scaling bench-enqueue backlog kill-campaign station-campaign day-campaign flips return-campaign chaos image-check requirements clean
