-- find_verified_of_commune.sql: what the last visits by a day found at one commune. It asks the readings themselves: the
-- view of all provinces takes a second where a phone waits.
SELECT measure, value
FROM (
    SELECT r.measure, r.value, ROW_NUMBER() OVER (
        PARTITION BY r.measure ORDER BY r.as_of DESC, r.batch_id DESC) AS latest_first
    FROM reading r
    JOIN current_batch b ON b.id = r.batch_id
    WHERE r.commune_code = :commune AND r.basis = 'verified' AND r.as_of <= :until) AS ranked
WHERE latest_first = 1
