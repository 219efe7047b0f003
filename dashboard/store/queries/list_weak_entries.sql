-- list_weak_entries.sql: the newest state of each entry of a province's list of weak communes.
SELECT entry_id, commune_code, basis, listed_on, reason, left_on, left_reason, office, batch_id AS batch
FROM current_weak_entry
WHERE province_code = :province
ORDER BY listed_on, commune_code, entry_id
