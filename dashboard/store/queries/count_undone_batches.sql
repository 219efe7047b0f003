-- count_undone_batches.sql: how many batches of a province were taken back, and when the last one was.
SELECT COUNT(*) AS undone, MAX(undone_at) AS undone_at
FROM import_batch
WHERE province_code = :province AND undone_at IS NOT NULL
