# make run    builds Emprise, ingests fixtures/data (or SOURCES=folder), serves it (PORT=8080) and prints the address
# make test   runs the whole test suite
# make web    bundles the map application that the binary carries
#
# On a Debian machine with a Rust toolchain, make, node and npm, each installs what else it needs.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
.PHONY: run test web prepare

PORT ?= 8080
# A folder of one's own gets a snapshot of its own, kept for the next time; `make run SOURCES=... FRESH=1` ingests it again.
SOURCES ?= fixtures/data
NAME := $(notdir $(abspath $(SOURCES)))-$(shell realpath -m -- "$(SOURCES)" | cksum | cut -d ' ' -f 1)
DATA ?= snapshots/$(if $(filter fixtures/data,$(SOURCES)),fixtures,$(NAME))

# Outside the clone: PROJ, built from source, takes minutes, and a fresh clone finds it there.
export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/emprise/target

# Standard output is for the address alone.
run: web
	@cargo build --release --bin emprise >&2
	@exec "$$CARGO_TARGET_DIR/release/emprise" run "$(SOURCES)" --data "$(DATA)" --port "$(PORT)" $(if $(FRESH),--fresh)

test: web
	@scripts/prepare.sh test >&2
	cargo test --release

web: web/dist/index.html.gz

web/dist/index.html.gz: web/node_modules/.installed $(wildcard web/*.mjs web/src/* web/src/*/* styles/sprites/*)
	@cd web && npm run --silent build >&2

web/node_modules/.installed: web/package.json web/package-lock.json | prepare
	@cd web && npm ci --no-audit --no-fund --loglevel=error >&2
	@touch $@

prepare:
	@scripts/prepare.sh >&2
