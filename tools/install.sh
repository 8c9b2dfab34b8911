#!/usr/bin/env bash
# Bring .venv up to what the lock files name: install.sh run|dev. Does nothing when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
is_root() { [ "$(id -u)" = 0 ]; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local name
  for name in "${PYTHON:-}" python3.11 python3 python3.12 python3.13; do
    if [ -n "$name" ] && command -v "$name" >/dev/null && new_enough "$name"; then
      command -v "$name"
      return
    fi
  done
  say "Python 3.11 or newer is needed. On Debian 12: apt-get install python3 python3-venv"
  return 1
}

make_venv() {
  local python
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if ! is_root || ! command -v apt-get >/dev/null; then
      say "Python cannot make virtual environments here. As root: apt-get install python3-venv"
      return 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
  fi
  "$python" -m venv --clear .venv
}

install() { # install <name> <lock file>
  local lock=$2 marker=.venv/installed-$1
  if ! cmp -s "$lock" "$marker"; then
    say "Installing from $lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    cp "$lock" "$marker"
  fi
}

new_enough .venv/bin/python || make_venv

if [ "${1:-run}" = dev ]; then
  install dev requirements-dev.txt
elif ! cmp -s requirements-dev.txt .venv/installed-dev; then # which holds all of run
  install run requirements.txt
fi

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  install node requirements-node.txt
fi
