-- select_newest_dossiers.sql: every received dossier of a province as the newest list that counts tells it, with its unit.
-- The rows of the view current_dossier (a test compares them) in a quarter of its time: who asks sorts out most rows
-- before anyone looks whether a later list names them. Without a state nobody knows whether it was received.
SELECT u.code AS unit, d.received_at, d.due, d.finished_at, d.state, d.procedure_code, d.field, d.accepting_unit, d.deciding_unit,
    d.batch_id
FROM current_batch b
JOIN dossier d ON d.batch_id = b.id
JOIN unit u ON u.code = COALESCE(d.deciding_unit, d.accepting_unit)
WHERE b.province_code = :province AND u.level = :level AND d.state NOT IN (1, 3)
    AND NOT EXISTS (
        SELECT 1
        FROM dossier later
        JOIN current_batch l ON l.id = later.batch_id
        WHERE later.code = d.code AND later.batch_id > d.batch_id AND l.province_code = :province)
