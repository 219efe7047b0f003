-- list_problems.sql: what was wrong in the files that count for a province, with its place.
SELECT p.batch_id AS batch, b.file_name, p.severity, p.row, p."column", p.value, p.message, p.remedy
FROM problem p
JOIN import_batch b ON b.id = p.batch_id
WHERE b.province_code = :province AND b.undone_at IS NULL
ORDER BY p.id
