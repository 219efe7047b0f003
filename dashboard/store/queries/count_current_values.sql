-- count_current_values.sql: what of a batch counts now: values and communes (units) per part and measure.
SELECT 'readings' AS part, measure AS name, COUNT(*) AS value_count, COUNT(DISTINCT commune_code) AS units
FROM current_reading WHERE batch_id = :batch GROUP BY measure
UNION ALL
SELECT 'dossiers', 'received', COUNT(*), COUNT(DISTINCT COALESCE(accepting_unit, deciding_unit))
FROM current_dossier_count WHERE batch_id = :batch
UNION ALL
SELECT 'certificates', 'active', COUNT(*), COUNT(DISTINCT commune_code)
FROM current_certificate_count WHERE batch_id = :batch
UNION ALL
SELECT 'singles', 'dossier', COUNT(*), COUNT(DISTINCT accepting_unit)
FROM current_dossier WHERE batch_id = :batch
UNION ALL
SELECT 'follow_ups', 'follow_up', COUNT(*), COUNT(DISTINCT commune_code)
FROM current_follow_up WHERE batch_id = :batch
UNION ALL
SELECT 'support_steps', 'support_step', COUNT(*), COUNT(DISTINCT commune_code)
FROM support_step WHERE batch_id = :batch
UNION ALL
SELECT 'weak_entries', 'weak_entry', COUNT(*), COUNT(DISTINCT commune_code)
FROM current_weak_entry WHERE batch_id = :batch
UNION ALL
SELECT 'resources', 'field_resource', COUNT(*), COUNT(DISTINCT commune_code)
FROM current_field_resource WHERE batch_id = :batch
UNION ALL
SELECT 'feedback', 'feedback', COUNT(*), COUNT(DISTINCT commune_code)
FROM current_feedback WHERE batch_id = :batch
UNION ALL
SELECT 'teams', 'team', COUNT(*), COUNT(DISTINCT team_id)
FROM current_team WHERE batch_id = :batch
UNION ALL
SELECT 'team_days', 'team_day', COUNT(*), COUNT(DISTINCT team_id)
FROM current_team_day WHERE batch_id = :batch
