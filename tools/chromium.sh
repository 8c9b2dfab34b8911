#!/usr/bin/env bash
# Print the path of a Chromium for the browser tests; as root, install Debian's where there is none.
set -euo pipefail

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if ! find_chromium; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium and there is none here. As root: apt-get install chromium" >&2
    exit 1
  fi
  {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
  } >&2
  find_chromium
fi
