# make demo   the portal with invented people, on http://127.0.0.1:5000 (PORT= to change)
# make test   every test, on SQLite and PostgreSQL, with a real browser
# make both   every test on PostgreSQL, for long
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

.PHONY: help demo demo-reset test both soak attack bench pictures check assets lock install install-dev

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
# What PostgreSQL might do otherwise: rows that wait for each other, what a statement adds up, orders or finds, what is
# moved, sealed or destroyed row by row, and each move of support and of its checks. `make both` runs the rest there too.
ASKED_OTHERWISE := $(addprefix tests/architecture/test_,at_once.py backup.py field_keys.py gate.py migrations.py \
	references.py sealing_what_is_there.py sessions.py) \
	tests/facts tests/policies/test_scope.py tests/queries tests/services tests/worker \
	$(patsubst %,tests/blueprints/test_%.py,action_moves answered_twice asking checks checks_put_off chronology copies \
	directory family_answers family_history family_next_step hidden_words hiding holding home look_up looks \
	merging merging_rules own_sessions parting received recording_checks referral_ends referral_moves reminders retention \
	second_factor step_downs suggested support undo waiting_longest worklist)
# Every page there is, opened by those who may open most, and every form sent: so each statement is run on both.
EVERY_PAGE := tests/web/test_every_form.py tests/policies/test_person_route.py
# What random people do is for a soak on PostgreSQL; what letters say, and what a browser does, are the same on both.
ON_ONE_DATABASE := $(RANDOM_PEOPLE) tests/worker/test_post.py

test: install-dev assets ## Run every test on SQLite, and on PostgreSQL what asks it something of its own.
	@export PORTAL_CHROMIUM="$$(tools/chromium.sh)"
	$(BIN)/pytest --database sqlite $(PYTEST_FLAGS)
	$(BIN)/pytest --database postgresql $(addprefix --ignore ,$(ON_ONE_DATABASE)) $(PYTEST_FLAGS) $(ASKED_OTHERWISE)
	$(BIN)/pytest --database postgresql $(EVERY_PAGE) -k "once or coordinator or admin" $(PYTEST_FLAGS)

both: install-dev assets ## Run every test on PostgreSQL, the browser's too: for long.
	@export PORTAL_CHROMIUM="$$(tools/chromium.sh)"
	$(BIN)/pytest --database postgresql $(PYTEST_FLAGS)

# A run writes its figures whether it passed or not, and fails after that if it failed.
REPORT := test-results/report
FIGURES := $(BIN)/python -m tools.security_figures

soak: install-dev ## Let random people make random moves for long; kill the portal 200 times; walk every migration.
	export PORTAL_SOAK=1
	rm -f $(REPORT)-soak-*.xml
	failed=0
	$(BIN)/pytest --database sqlite --junitxml $(REPORT)-soak-sqlite.xml $(RANDOM_PEOPLE) \
		tests/architecture/test_migrations.py tests/architecture/test_backup.py tests/soak || failed=1
	$(FIGURES) SQLite $(REPORT)-soak-sqlite.xml
	$(BIN)/pytest --database postgresql --junitxml $(REPORT)-soak-postgresql.xml $(PYTEST_FLAGS) $(RANDOM_PEOPLE) \
		tests/architecture/test_migrations.py tests/architecture/test_backup.py tests/soak \
		tests/policies/test_person_route.py tests/policies/test_every_reach.py || failed=1
	$(FIGURES) PostgreSQL $(REPORT)-soak-postgresql.xml
	exit $$failed

attack: install-dev assets ## Attack a throw-away portal for long: every form, field, token, address and number.
	export PORTAL_ATTACK=1
	rm -f $(REPORT)-attack-*.xml
	failed=0
	$(BIN)/pytest --database sqlite --junitxml $(REPORT)-attack-sqlite.xml $(PYTEST_FLAGS) tests/attack \
		tests/policies/test_person_route.py tests/web/test_every_form.py || failed=1
	$(FIGURES) SQLite $(REPORT)-attack-sqlite.xml
	$(BIN)/pytest --database postgresql --junitxml $(REPORT)-attack-postgresql.xml $(PYTEST_FLAGS) \
		tests/attack/test_odd_input.py tests/attack/test_every_address.py tests/web/test_every_form.py || failed=1
	$(FIGURES) PostgreSQL $(REPORT)-attack-postgresql.xml
	exit $$failed

bench: install-dev assets ## Measure an import, the pages people use most and the worker's checks; bench/README.md has figures.
	$(BIN)/python -m bench.import_families
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.doorway
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
