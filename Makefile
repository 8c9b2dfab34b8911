# make demo   the portal with invented people, on http://127.0.0.1:5000 (PORT= to change)
# make test   every test, on SQLite and PostgreSQL, with a real browser
# make soak   random people and moves, for long
# make attack every form, field, token, address and number, as everybody
# make bench  what pages, an import and the worker’s checks cost on this machine
# make check  what a change must pass before the tests
# make help   the rest

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PORT ?= 5000
BIN := .venv/bin
FLASK := $(BIN)/flask --app portal portal
# Who is done early takes over from who is not: some tests try every address there is.
PYTEST_FLAGS ?= -n auto --dist worksteal
CHECKED := portal tests tools hatch_build.py $(wildcard bench)
DEMONSTRATION = export PORTAL_ENVIRONMENT=demonstration PORTAL_SECRET_KEY="$$(cat instance/secret-key)" \
	PORTAL_FAMILY_LANGUAGES=en,pl,ur,ar

.PHONY: help demo demo-reset test soak attack bench pictures check assets lock install install-dev

help: ## Say what there is.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: assets instance/secret-key ## Serve the demonstration; goes on with the families it has.
	@$(DEMONSTRATION)
	$(FLASK) upgrade
	[ -s instance/demo-logins.json ] || $(FLASK) demo
	echo "Sign in with one of these:"
	cat instance/demo-logins.json
	echo
	echo "The portal is at http://127.0.0.1:$(PORT) (Ctrl+C ends it)"
	exec $(BIN)/gunicorn --worker-class gthread --workers 2 --threads 4 --bind 127.0.0.1:$(PORT) \
		--logger-class portal.core.server_log.ServerLog "portal:create_app()"

demo-reset: ## Throw the demonstration's families away and start with fresh ones.
	rm -f instance/portal.sqlite instance/portal.sqlite-wal instance/portal.sqlite-shm instance/demo-logins.json
	$(MAKE) demo

RANDOM_PEOPLE := tests/services/test_any_moves.py tests/services/test_any_support.py
# Signing in, papers, settings and records of few words: they ask the database nothing that differs from one to the other.
ALIKE := about account_news account_notices agreements answered_twice asked_on_the_support chronology closed_days conflicts \
	contacts council_contacts council_words draft_agreement draft_children draft_parts draft_views drafts factor_resets \
	family_languages family_link forgotten_password household_births household_homes household_people in_the_way \
	invitations kept_while_written log_export meeting_papers messages moved_meetings notes organisations own_password \
	own_sessions passkeys plan_copy portal_people provider second_factor shared_despite standards starter_plans system_log \
	team_map time_out too_late trusted_devices undo unfinished_write_ups write_up_refusals write_ups
# What a browser does, who gets what at each address, what random people do and what needs no database: once is enough.
ON_ONE_DATABASE := tests/attack tests/core tests/journeys tests/domain tests/web tests/demo tests/worker/test_post.py \
	$(addprefix tests/policies/test_,every_reach.py person_route.py ways_of_asking.py) \
	$(RANDOM_PEOPLE) $(ALIKE:%=tests/blueprints/test_%.py) \
	$(addprefix tests/architecture/test_,asvs.py doors.py full_disk.py logs.py printed_docs.py source.py words_on_pages.py)
# Every page there is, opened by those who may open most, and every form sent: so each statement is run on both.
EVERY_PAGE := tests/web/test_every_form.py tests/policies/test_person_route.py

test: install-dev assets ## Run every test on SQLite and PostgreSQL; what is the same on both once.
	@export PORTAL_CHROMIUM="$$(tools/chromium.sh)"
	$(BIN)/pytest --database sqlite $(PYTEST_FLAGS)
	$(BIN)/pytest --database postgresql $(addprefix --ignore ,$(ON_ONE_DATABASE)) $(PYTEST_FLAGS)
	$(BIN)/pytest --database postgresql $(EVERY_PAGE) -k "once or coordinator or admin" $(PYTEST_FLAGS)

# A run writes its figures whether it passed or not, and fails after that if it failed.
REPORT := test-results/report
FIGURES := $(BIN)/python -m tools.security_figures

soak: install-dev ## Let random people make random moves for long; kill the portal 200 times; walk every migration.
	export PORTAL_SOAK=1
	rm -f $(REPORT)-soak-*.xml
	failed=0
	$(BIN)/pytest --database sqlite --junitxml $(REPORT)-soak-sqlite.xml $(RANDOM_PEOPLE) \
		tests/architecture/test_migrations.py tests/soak || failed=1
	$(FIGURES) SQLite $(REPORT)-soak-sqlite.xml
	$(BIN)/pytest --database postgresql --junitxml $(REPORT)-soak-postgresql.xml $(PYTEST_FLAGS) $(RANDOM_PEOPLE) \
		tests/architecture/test_migrations.py tests/soak tests/policies/test_person_route.py \
		tests/policies/test_every_reach.py || failed=1
	$(FIGURES) PostgreSQL $(REPORT)-soak-postgresql.xml
	exit $$failed

attack: install-dev assets ## Attack a throw-away portal for long: every form, field, token, address and number.
	export PORTAL_ATTACK=1
	rm -f $(REPORT)-attack-*.xml
	failed=0
	$(BIN)/pytest --database sqlite --junitxml $(REPORT)-attack-sqlite.xml $(PYTEST_FLAGS) tests/attack || failed=1
	$(FIGURES) SQLite $(REPORT)-attack-sqlite.xml
	$(BIN)/pytest --database postgresql --junitxml $(REPORT)-attack-postgresql.xml $(PYTEST_FLAGS) \
		tests/attack/test_odd_input.py tests/attack/test_every_address.py || failed=1
	$(FIGURES) PostgreSQL $(REPORT)-attack-postgresql.xml
	exit $$failed

bench: install-dev assets ## Measure an import, the pages people use most and the worker's checks; bench/README.md has figures.
	$(BIN)/python -m bench.import_families
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.sweep

pictures: install-dev assets ## Take the pictures of docs/screens.md anew.
	@tools/chromium.sh > /dev/null
	$(BIN)/python -m tools.pictures

check: install-dev ## Lint, types, import rules, templates.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CHECKED)
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint portal/templates --lint --quiet

assets: install ## Build stylesheet, scripts and pictures if anything changed.
	@$(BIN)/python tools/build_assets.py

install: ## Install what the portal runs on.
	@tools/install.sh run

install-dev: ## Install what testing and checking need, too.
	@tools/install.sh dev

UV := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url
lock: install-dev ## Write the lock files anew; UPGRADE=--upgrade takes newer versions.
	$(UV) $(UPGRADE) pyproject.toml -o requirements.txt
	$(UV) $(UPGRADE) pyproject.toml --group test --group lint --group build -c requirements.txt -o requirements-dev.txt
	$(UV) $(UPGRADE) --group node -o requirements-node.txt
	npm install --package-lock-only
	! grep -n "://" requirements*.txt
	! grep -n '"resolved"' package-lock.json

# Signs the demonstration's cookies: the same for every process, and after a restart.
instance/secret-key: | install
	@mkdir -p instance
	umask 077
	$(BIN)/python -c "import secrets; print(secrets.token_urlsafe(48))" > $@

.ONESHELL:
