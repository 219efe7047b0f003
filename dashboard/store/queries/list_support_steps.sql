-- list_support_steps.sql: the steps of requests for help in a province, each once as the newest batch that counts tells it.
SELECT request_id, commune_code, step, stepped_at, what, subject, urgency, office, way, account, note
FROM (
    SELECT s.*, ROW_NUMBER() OVER (
        PARTITION BY s.request_id, s.step, s.stepped_at ORDER BY s.batch_id DESC) AS newest_first
    FROM support_step s
    JOIN current_batch b ON b.id = s.batch_id
    WHERE b.province_code = :province) AS ranked
WHERE newest_first = 1
ORDER BY stepped_at, request_id
