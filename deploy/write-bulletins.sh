#!/bin/sh
# The bulletins that are due this morning, into a folder: of yesterday each day, of the week on Mondays, of the month on its first
# day. Names say edition, province and day, so that a second run writes the same files again.
set -eu
folder=${1:?which folder}
python=${PYTHON:-/opt/dashboard/.venv/bin/python}
today=${DASHBOARD_TODAY:-$(TZ=Asia/Ho_Chi_Minh date +%Y-%m-%d)}
day=$(date -d "$today -1 day" +%Y-%m-%d)
editions=day
[ "$(date -d "$today" +%u)" != 1 ] || editions="$editions week"
[ "$(date -d "$today" +%d)" != 01 ] || editions="$editions month"
for edition in $editions; do
  "$python" -m dashboard bulletin --province "${DASHBOARD_PROVINCE:-51}" --edition "$edition" --day "$day" --output "$folder"
done
