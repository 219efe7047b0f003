-- list_follow_ups.sql: what was promised in a province, each promise as the newest batch that counts tells it.
SELECT follow_up_id, commune_code, what, measure, target, owner, promised_on, due_on, withdrawn_on, withdrawn_reason
FROM current_follow_up
WHERE province_code = :province
ORDER BY promised_on, follow_up_id
