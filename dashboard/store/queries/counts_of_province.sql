-- counts_of_province.sql: every row that a source that counts told of a unit's dossiers, communes and departments.
-- No window chooses the newest here: over 80,000 rows that takes SQLite seven times as long as reading them.
SELECT COALESCE(d.deciding_unit, d.accepting_unit) AS unit, u.level, b.kind, d.accepting_unit, d.deciding_unit,
    d.period_from, d.period_to, d.batch_id, @counts@, d.mean_days
FROM dossier_count d
JOIN (SELECT id, kind FROM current_batch WHERE province_code = :province) AS b ON b.id = d.batch_id
JOIN unit u ON u.code = COALESCE(d.deciding_unit, d.accepting_unit)
