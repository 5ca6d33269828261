#!/usr/bin/env bash
# Installs what `npm run test:servers` tests against, as far as this machine lets it: Ceph RGW and Chromium (Debian's
# packages, as root), moto and cfn-lint (from PyPI), and Lambda's own runtime client (from npm; it is compiled, which
# takes a minute). What cannot be had is said, and its tests are skipped.
set -uo pipefail

if ! command -v radosgw >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends ceph-mon ceph-osd radosgw curl; } >/dev/null 2>&1
  fi
  command -v radosgw >/dev/null || echo 'Ceph RGW cannot be installed here; its tests are skipped.'
fi

if ! python3 -c 'import moto.server' 2>/dev/null; then
  command -v pip >/dev/null && pip install --quiet 'moto[server]>=5' >/dev/null 2>&1
  python3 -c 'import moto.server' 2>/dev/null || echo 'moto cannot be installed here; its tests are skipped.'
fi

if ! command -v cfn-lint >/dev/null; then
  command -v pip >/dev/null && pip install --quiet 'cfn-lint>=1.51' >/dev/null 2>&1
  command -v cfn-lint >/dev/null || echo 'cfn-lint cannot be installed here; its test is skipped.'
fi

ric=${XDG_CACHE_HOME:-$HOME/.cache}/imgvar/aws-lambda-ric
if [ ! -f "$ric/node_modules/aws-lambda-ric/rapid-client.node" ]; then
  if ! command -v cmake >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends cmake g++ make xz-utils; } >/dev/null 2>&1
  fi
  mkdir -p "$ric" && npm install --prefix "$ric" --no-audit --no-fund aws-lambda-ric@4.0.2 >/dev/null 2>&1
  [ -f "$ric/node_modules/aws-lambda-ric/rapid-client.node" ] || echo "Lambda's runtime client cannot be installed here; its tests are skipped."
fi

if ! command -v chromium >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1
  fi
  command -v chromium >/dev/null || echo 'Chromium cannot be installed here; its tests are skipped.'
fi
