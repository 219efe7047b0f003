-- list_dossier_count_history.sql: each commune's counts of dossiers that count, of periods within two days.
SELECT unit AS commune_code, period_from, period_to, {counts}, mean_days, accepting_unit, deciding_unit,
    batch_id AS batch
FROM current_dossier_count
WHERE province_code = :province AND level = 'commune' AND period_from >= :first AND period_to <= :last
ORDER BY commune_code, period_from, period_to, deciding_unit, accepting_unit
