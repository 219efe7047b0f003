-- list_counting_batches.sql: the batches of a province that count, oldest first, and whether any told of dossiers.
-- A list tells of dossiers also where it brought no count of its own: it changes those of an older list.
SELECT b.id, b.imported_at,
    CASE WHEN EXISTS (SELECT 1 FROM dossier_count d WHERE d.batch_id = b.id)
        OR EXISTS (SELECT 1 FROM dossier d WHERE d.batch_id = b.id) THEN 1 ELSE 0 END AS has_counts
FROM current_batch b
WHERE b.province_code = :province
ORDER BY b.id
