#!/bin/sh
# One backup of the store, named by its moment, in a folder; those older than KEEP_DAYS (30) go, never the newest three.
# What is left behind by a backup that failed is deleted, so that no half one is taken for a whole one.
set -eu
folder=${1:?which folder}
keep_days=${KEEP_DAYS:-30}
python=${PYTHON:-/opt/dashboard/.venv/bin/python}
umask 077
target="$folder/dashboard_$(date +%Y-%m-%d_%H%M%S).backup"
if ! "$python" -m dashboard backup "$target.part"; then
  rm -f "$target.part"
  exit 1
fi
mv "$target.part" "$target"
ls -1t "$folder"/dashboard_*.backup | tail -n +4 | while read -r old; do
  if [ -n "$(find "$old" -mtime "+$keep_days")" ]; then rm -f "$old"; fi
done
