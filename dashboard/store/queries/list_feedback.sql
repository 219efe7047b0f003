-- list_feedback.sql: what citizens told of each commune and period, as the newest batch that counts tells it.
SELECT commune_code, period_from, period_to, received, apologised, resolved, satisfaction, batch_id AS batch
FROM current_feedback
WHERE province_code = :province
ORDER BY period_from, period_to, commune_code
