-- list_batches_with_counts.sql: the batches of a province whose dossiers count, by which what was computed of them is known.
-- A list counts here too where it brought no count of its own: it changes those of an older list.
SELECT b.id, b.imported_at
FROM current_batch b
WHERE b.province_code = :province
    AND (EXISTS (SELECT 1 FROM dossier_count d WHERE d.batch_id = b.id)
        OR EXISTS (SELECT 1 FROM dossier d WHERE d.batch_id = b.id))
UNION ALL
SELECT -COUNT(*), MAX(undone_at)
FROM import_batch
WHERE province_code = :province AND undone_at IS NOT NULL
ORDER BY id
