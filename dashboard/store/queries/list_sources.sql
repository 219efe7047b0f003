-- list_sources.sql: which batches count for a province by a day, newest as-of first.
SELECT id, file_name, kind, origin, as_of, period_from, period_to
FROM current_batch
WHERE province_code = :province AND as_of < :before
ORDER BY as_of DESC, id DESC
