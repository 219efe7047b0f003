-- One more attempt under a key; once its time is over, counting begins anew. One that ends after :latest was
-- counted by a clock that stood wrong.
INSERT INTO attempt_count (key, attempts, ends_at)
VALUES (:key, :amount, :now + :seconds)
ON CONFLICT (key) DO UPDATE SET
    attempts = CASE WHEN attempt_count.ends_at <= :now OR attempt_count.ends_at > :latest THEN excluded.attempts
        ELSE attempt_count.attempts + excluded.attempts END,
    ends_at = CASE WHEN attempt_count.ends_at <= :now OR attempt_count.ends_at > :latest THEN excluded.ends_at
        ELSE attempt_count.ends_at END
RETURNING attempts
