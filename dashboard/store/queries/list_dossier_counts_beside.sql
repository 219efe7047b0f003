-- list_dossier_counts_beside.sql: the rows of list_dossier_counts.sql that speak of a unit and period of which a batch
-- after a given one told: what such a batch tells counts instead of them, or is added to them.
WITH counting AS (SELECT id FROM current_batch WHERE province_code = :province),
told AS (
    SELECT DISTINCT COALESCE(deciding_unit, accepting_unit) AS unit, period_from, period_to
    FROM dossier_count
    WHERE batch_id IN (SELECT id FROM counting WHERE id > :after))
SELECT t.unit, d.accepting_unit, 0 AS undecided, d.period_from, d.period_to, d.batch_id, {counts}, d.mean_days
FROM told t
JOIN dossier_count d ON d.deciding_unit = t.unit AND d.period_from = t.period_from AND d.period_to = t.period_to
WHERE d.batch_id IN (SELECT id FROM counting)
UNION ALL
SELECT t.unit, d.accepting_unit, 1, d.period_from, d.period_to, d.batch_id, {counts}, d.mean_days
FROM told t
JOIN dossier_count d ON d.accepting_unit = t.unit AND d.deciding_unit IS NULL AND d.period_from = t.period_from
    AND d.period_to = t.period_to
WHERE d.batch_id IN (SELECT id FROM counting)
