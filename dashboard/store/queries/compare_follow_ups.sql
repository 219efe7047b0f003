-- compare_follow_ups.sql: each promise of :batch beside what an earlier batch that counts told under the same id.
SELECT CASE
    WHEN k.follow_up_id IS NULL THEN 'new'
    WHEN k.what = f.what AND k.commune_code = f.commune_code AND k.measure = f.measure AND k.target = f.target
        AND k.owner = f.owner AND k.promised_on = f.promised_on AND k.due_on = f.due_on
        AND COALESCE(k.withdrawn_reason, '') = COALESCE(f.withdrawn_reason, '') THEN 'unchanged'
    ELSE 'changed' END AS outcome
FROM follow_up f
LEFT JOIN (
    SELECT o.*, ROW_NUMBER() OVER (PARTITION BY o.follow_up_id ORDER BY o.batch_id DESC) AS newest_first
    FROM follow_up o
    JOIN current_batch b ON b.id = o.batch_id
    WHERE b.province_code = :province AND o.batch_id <> :batch) k
    ON k.follow_up_id = f.follow_up_id AND k.newest_first = 1
WHERE f.batch_id = :batch
