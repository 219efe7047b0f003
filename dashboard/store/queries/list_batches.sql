-- list_batches.sql: every batch ever written, also those taken back; of one province, or ('') of all.
SELECT id AS batch, imported_at, imported_by, file_name, kind, origin, province_code, as_of, period_from, period_to,
    row_count, problem_count, version, undone_at
FROM import_batch
WHERE :province = '' OR province_code = :province
ORDER BY id
