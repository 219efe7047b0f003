-- compare_dossier_counts.sql: for :batch the newest counts that it or (is_new = 0) the batches before it tell of its periods.
SELECT COALESCE(deciding_unit, accepting_unit) AS unit, accepting_unit, deciding_unit, period_from, period_to, is_new,
    {counts}
FROM (
    SELECT d.*, CASE WHEN d.batch_id = :batch THEN 1 ELSE 0 END AS is_new,
        ROW_NUMBER() OVER (
            PARTITION BY d.accepting_unit, d.deciding_unit, d.period_from, d.period_to,
                CASE WHEN d.batch_id = :batch THEN 1 ELSE 0 END
            ORDER BY d.batch_id DESC) AS newest_first
    FROM dossier_count d
    JOIN current_batch b ON b.id = d.batch_id
    WHERE b.province_code = :province
        AND EXISTS (SELECT 1 FROM dossier_count n
            WHERE n.batch_id = :batch AND n.period_from = d.period_from AND n.period_to = d.period_to)) AS ranked
WHERE newest_first = 1
