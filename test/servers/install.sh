#!/usr/bin/env bash
# Installs what `npm run test:servers` tests against, as far as this machine lets it: Ceph RGW and Chromium (Debian's
# packages, as root) and moto (from PyPI). What cannot be had is said, and its tests are skipped.
set -uo pipefail

if ! command -v radosgw >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends ceph-mon ceph-osd radosgw curl; } >/dev/null 2>&1
  fi
  command -v radosgw >/dev/null || echo 'Ceph RGW cannot be installed here; its tests are skipped.'
fi

if ! command -v moto_server >/dev/null; then
  command -v pip >/dev/null && pip install --quiet 'moto[server]>=5' >/dev/null 2>&1
  command -v moto_server >/dev/null || echo 'moto cannot be installed here; its tests are skipped.'
fi

if ! command -v chromium >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1
  fi
  command -v chromium >/dev/null || echo 'Chromium cannot be installed here; its tests are skipped.'
fi
