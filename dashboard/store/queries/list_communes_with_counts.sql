-- list_communes_with_counts.sql: the communes of a province of whose dossiers any batch that counts told by a day.
SELECT c.code
FROM commune c
WHERE c.province_code = :province AND (
    EXISTS (
        SELECT 1 FROM dossier_count d
        WHERE d.deciding_unit = c.code AND d.period_to <= :until
            AND d.batch_id IN (SELECT id FROM current_batch WHERE province_code = :province))
    OR EXISTS (
        SELECT 1 FROM dossier_count d
        WHERE d.accepting_unit = c.code AND d.deciding_unit IS NULL AND d.period_to <= :until
            AND d.batch_id IN (SELECT id FROM current_batch WHERE province_code = :province)))
