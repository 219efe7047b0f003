-- stamp_provinces.sql: per province what changes whenever any of its batches comes, goes or is replaced.
-- A batch is added or marked as taken back and never changed otherwise; numbers may come again after a
-- simulation was replaced, moments do not.
SELECT province_code, COUNT(*) AS batches, MAX(id) AS newest, MAX(version) AS version,
    MAX(imported_at) AS imported_at, COUNT(undone_at) AS undone, MAX(undone_at) AS undone_at
FROM import_batch
GROUP BY province_code
ORDER BY province_code
