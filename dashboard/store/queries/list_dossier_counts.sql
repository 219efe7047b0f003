-- list_dossier_counts.sql: every row that a source that counts told of a unit's dossiers, communes and departments.
-- No window chooses the newest here: over 80,000 rows that takes SQLite seven times as long as reading them.
SELECT COALESCE(d.deciding_unit, d.accepting_unit) AS unit, d.accepting_unit,
    CASE WHEN d.deciding_unit IS NULL THEN 1 ELSE 0 END AS undecided,
    d.period_from, d.period_to, d.batch_id, {counts}, d.mean_days
FROM dossier_count d
WHERE d.batch_id IN (SELECT id FROM current_batch WHERE province_code = :province)
