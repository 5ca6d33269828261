#!/usr/bin/env bash
# Fetches what `npm run bench` compares with and measures on, as far as this machine lets it: ImageMagick, GraphicsMagick,
# vipsthumbnail and GNU parallel (Debian's packages, as root), sharp-cli (npm), and two Debian packages of large
# photographs, which are unpacked into a cache folder and not installed. What cannot be had is said, and left out.
set -uo pipefail
cache=${XDG_CACHE_HOME:-$HOME/.cache}/imgvar
mkdir -p "$cache"

apt() { { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get "$@"; } >/dev/null 2>&1; }

programs=(mogrify:imagemagick gm:graphicsmagick vipsthumbnail:libvips-tools parallel:parallel)
for pair in "${programs[@]}"; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ -n "${missing+x}" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt install -y -qq --no-install-recommends "${missing[@]}"; fi
  for pair in "${programs[@]}"; do
    command -v "${pair%%:*}" >/dev/null || echo "${pair##*:} cannot be installed here; it is left out."
  done
fi

if [ ! -x "$cache/sharp-cli/node_modules/.bin/sharp" ]; then
  mkdir -p "$cache/sharp-cli"
  npm install --prefix "$cache/sharp-cli" --no-audit --no-fund sharp-cli@6 >/dev/null 2>&1
  [ -x "$cache/sharp-cli/node_modules/.bin/sharp" ] || echo 'sharp-cli cannot be installed here; it is left out.'
fi

photographs=$cache/photographs
for package in mate-backgrounds plasma-workspace-wallpapers; do
  [ -d "$photographs/$package" ] && continue
  scratch=$(mktemp -d)
  (cd "$scratch" && chmod 755 . && apt download "$package" && mkdir -p "$photographs" && dpkg -x ./*.deb "$photographs/$package") \
    || echo "The photographs of $package cannot be had here; those that the project ships are used."
  rm -rf "$scratch"
done
