-- compare_support_steps.sql: each step of :batch beside the same step of an earlier batch that counts.
SELECT CASE WHEN EXISTS (
    SELECT 1 FROM support_step o
    JOIN current_batch b ON b.id = o.batch_id
    WHERE b.province_code = :province AND o.batch_id <> :batch AND o.request_id = s.request_id
        AND o.step = s.step AND o.stepped_at = s.stepped_at) THEN 'unchanged' ELSE 'new' END AS outcome
FROM support_step s
WHERE s.batch_id = :batch
