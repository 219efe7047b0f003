-- Which session of PostgreSQL holds the turn to write, what it calls itself and since when.
SELECT activity.application_name, activity.xact_start
FROM pg_locks AS held
JOIN pg_stat_activity AS activity ON activity.pid = held.pid
WHERE held.locktype = 'advisory' AND held.granted AND held.objid = :lock
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY activity.xact_start
LIMIT 1
