#!/usr/bin/env bash
# Fetches the images that image libraries try their own decoders with, broken ones among them, out of the sources of
# Debian's packages: test/hostile/suites.sh FOLDER, then: npm run fuzz -- --suite FOLDER
# Nothing of them is kept here; each package's own licence applies.
set -euo pipefail

folder=${1:?usage: suites.sh FOLDER}
packages=${SUITES:-pillow exiv2 gdk-pixbuf libgd2 libheif tiff libwebp giflib libpng1.6 php8.2}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# A list of sources of its own, so that nothing of the system's changes.
mkdir -p "$work/lists" "$folder"
printf 'Types: deb-src\nURIs: http://deb.debian.org/debian\nSuites: bookworm\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' >"$work/debian.sources"
apt() {
  apt-get -qq -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::sourcelist="$work/debian.sources" -o Dir::State::lists="$work/lists" "$@"
}
apt update
for package in $packages; do
  mkdir -p "$work/$package" "$folder/$package"
  if ! (cd "$work/$package" && apt source --download-only "$package" >/dev/null 2>&1); then
    echo "$package cannot be had; left out."
    continue
  fi
  for archive in "$work/$package"/*.orig*.tar.*; do
    case $archive in *.asc) continue ;; esac
    tar -xf "$archive" -C "$folder/$package" --wildcards --no-anchored '*.jpg' '*.jpeg' '*.png' '*.webp' '*.gif' '*.avif' '*.tif' '*.tiff' '*.svg' '*.heic' '*.bmp' '*.ico' '*.psd' '*.jp2' '*poc*' '*crash*' '*fuzz*' 2>/dev/null || true
  done
  rm -r "${work:?}/$package"
  echo "$package: $(find "$folder/$package" -type f | wc -l) files"
done
