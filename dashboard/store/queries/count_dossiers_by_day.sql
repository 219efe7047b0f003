-- count_dossiers_by_day.sql: adds up a province's single dossiers per pair of units and day, in the name of one
-- batch, on every day that the batch touches. All lists that count are added up together, so that a later list
-- with a few changed dossiers leaves the others of the same day in the sum.
-- Flows (received, resolved) stand on their days; stocks (open, paused) only on the last day of which any list
-- speaks, because a list tells a dossier's state now, not what it was on the evening of earlier days.
WITH lists AS (
    SELECT b.id, b.as_of
    FROM current_batch b
    WHERE b.province_code = :province AND EXISTS (SELECT 1 FROM dossier d WHERE d.batch_id = b.id)
),
clock AS (SELECT MAX(as_of) AS moment FROM lists),
-- Where most of what a list calls resolved has no finish day, nobody knows what of it was in time.
undated_lists AS (
    SELECT batch_id, COUNT(finished_at) AS finished FROM dossier
    WHERE batch_id IN (SELECT id FROM lists) AND state IN (7, 9, 10)
    GROUP BY batch_id
    HAVING 2 * COUNT(finished_at) < COUNT(*)
),
endless_lists AS (SELECT batch_id FROM undated_lists WHERE finished = 0),
told AS (
    SELECT d.*, DATE(d.received_at) AS received_on, DATE(d.finished_at) AS finished_on, DATE(d.due) AS due_on,
        CASE WHEN d.batch_id IN (SELECT batch_id FROM undated_lists) THEN 1 ELSE 0 END AS of_undated_list
    FROM dossier d
    WHERE d.batch_id IN (SELECT id FROM lists)
        AND (d.state IS NULL OR d.state NOT IN (1, 3))
        -- Of two lists that name a dossier the later one tells its state.
        AND NOT EXISTS (
            SELECT 1 FROM dossier later
            WHERE later.code = d.code AND later.batch_id > d.batch_id AND later.batch_id IN (SELECT id FROM lists))
),
-- Lists say nothing of receptions after the newest one that they hold: such a day's are not told, which is not nought.
known AS (SELECT MAX(received_on) AS last_reception FROM told),
-- Where a list tells no finish day at all, and no other one of a pair's either, nobody knows on which day that was
-- resolved: on none is not nought, from the first such dossier on.
unfinished AS (
    SELECT accepting_unit, deciding_unit, MIN(received_on) AS since
    FROM told
    WHERE state IN (7, 9, 10) AND EXISTS (SELECT 1 FROM endless_lists)
    GROUP BY accepting_unit, deciding_unit
    HAVING COUNT(finished_at) = 0
        AND MAX(CASE WHEN batch_id IN (SELECT batch_id FROM endless_lists) THEN 1 ELSE 0 END) = 1
),
touched AS (
    -- The days that the batch's dossiers have now, and those they had in any list before.
    SELECT DATE(any_list.received_at) AS day
    FROM dossier d JOIN dossier any_list ON any_list.code = d.code WHERE d.batch_id = :batch
    UNION
    SELECT DATE(any_list.finished_at)
    FROM dossier d JOIN dossier any_list ON any_list.code = d.code WHERE d.batch_id = :batch
    UNION
    -- Days whose dossiers became overdue while nobody touched them.
    SELECT received_on FROM told, clock WHERE state IN (2, 4) AND due < clock.moment
    UNION
    SELECT DATE(moment) FROM clock
),
flows AS (
    SELECT accepting_unit, deciding_unit, received_on AS day,
        1 AS received,
        CASE WHEN channel = 'online' THEN 1 ELSE 0 END AS received_online,
        CASE WHEN channel = 'post' THEN 1 ELSE 0 END AS received_post,
        -- No channel recorded counts as in person; one that could not be read is unknown.
        CASE WHEN channel IS NULL OR channel = 'in_person' THEN 1 ELSE 0 END AS received_in_person,
        CASE WHEN channel = 'unclear' THEN 1 ELSE 0 END AS unclear_channel,
        -- What was filed online needs no scanning.
        CASE WHEN channel = 'online' OR digitised THEN 1 ELSE 0 END AS digitised,
        CASE WHEN (channel IS NULL OR channel <> 'online') AND digitised IS NULL THEN 1 ELSE 0 END AS untold,
        CASE WHEN state IN (7, 9, 10) AND finished_at <= due THEN 1
            WHEN state IN (2, 4) AND due >= clock.moment THEN 1
            ELSE 0 END AS on_time_766,
        -- Without a due day, or resolved nobody knows when, nobody knows whether it is in time: such a dossier
        -- is on neither side of a rate.
        CASE WHEN state IN (2, 4, 7, 9, 10) AND due IS NULL THEN 1 ELSE 0 END AS no_due_day,
        CASE WHEN state IN (7, 9, 10) AND due IS NOT NULL AND finished_at IS NULL THEN 1 ELSE 0 END AS no_finish_day,
        of_undated_list,
        0 AS resolved, 0 AS resolved_early, 0 AS resolved_on_time, 0 AS resolved_late, 0 AS finished_in_undated_list,
        0 AS open, 0 AS open_in_term, 0 AS open_overdue, 0 AS paused
    FROM told, clock WHERE received_on IS NOT NULL
    UNION ALL
    SELECT accepting_unit, deciding_unit, finished_on, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1,
        CASE WHEN finished_on < due_on THEN 1 ELSE 0 END,
        CASE WHEN finished_at <= due AND finished_on = due_on THEN 1 ELSE 0 END,
        CASE WHEN finished_at > due THEN 1 ELSE 0 END,
        of_undated_list,
        0, 0, 0, 0
    FROM told WHERE state IN (7, 9, 10) AND finished_on IS NOT NULL
    UNION ALL
    SELECT accepting_unit, deciding_unit, DATE(clock.moment), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        CASE WHEN state IN (2, 4) THEN 1 ELSE 0 END,
        CASE WHEN state IN (2, 4) AND due >= clock.moment THEN 1 ELSE 0 END,
        CASE WHEN state IN (2, 4) AND due < clock.moment THEN 1 ELSE 0 END,
        CASE WHEN state IN (5, 6, 8) THEN 1 ELSE 0 END
    FROM told, clock WHERE state IN (2, 4, 5, 6, 8)
    UNION ALL
    -- A day on which a pair of units has no dossier any more is told as 0, or its old count would live on.
    SELECT DISTINCT accepting_unit, deciding_unit, period_from, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0
    FROM dossier_count
    WHERE batch_id IN (SELECT id FROM lists) AND batch_id < :batch AND period_from = period_to
),
judged AS (
    SELECT flows.*, CASE WHEN unfinished.since IS NULL OR flows.day < unfinished.since THEN 1 ELSE 0 END AS is_dated
    FROM flows
    LEFT JOIN unfinished ON unfinished.accepting_unit = flows.accepting_unit
        AND unfinished.deciding_unit = flows.deciding_unit
)
INSERT INTO dossier_count (
    batch_id, accepting_unit, deciding_unit, period_from, period_to, received, received_online, received_in_person,
    received_post, digitised, on_time_766, no_due_day, no_finish_day, resolved, resolved_early, resolved_on_time,
    resolved_late, open, open_in_term, open_overdue, paused)
SELECT :batch, accepting_unit, deciding_unit, day, day,
    CASE WHEN day <= last_reception THEN SUM(received) END,
    CASE WHEN day <= last_reception AND SUM(unclear_channel) = 0 THEN SUM(received_online) END,
    CASE WHEN day <= last_reception AND SUM(unclear_channel) = 0 THEN SUM(received_in_person) END,
    CASE WHEN day <= last_reception AND SUM(unclear_channel) = 0 THEN SUM(received_post) END,
    CASE WHEN day <= last_reception AND SUM(untold) = 0 THEN SUM(digitised) END,
    CASE WHEN day <= last_reception AND SUM(of_undated_list) = 0 THEN SUM(on_time_766) END,
    SUM(no_due_day),
    SUM(no_finish_day),
    CASE WHEN is_dated = 1 THEN SUM(resolved) END,
    CASE WHEN is_dated = 1 AND SUM(finished_in_undated_list) = 0 THEN SUM(resolved_early) END,
    CASE WHEN is_dated = 1 AND SUM(finished_in_undated_list) = 0 THEN SUM(resolved_on_time) END,
    CASE WHEN is_dated = 1 AND SUM(finished_in_undated_list) = 0 THEN SUM(resolved_late) END,
    CASE WHEN day = DATE(clock.moment) THEN SUM(open) END,
    CASE WHEN day = DATE(clock.moment) THEN SUM(open_in_term) END,
    CASE WHEN day = DATE(clock.moment) THEN SUM(open_overdue) END,
    CASE WHEN day = DATE(clock.moment) THEN SUM(paused) END
FROM judged, clock, known
-- What a list tells of days after its own is a slip (its reader warned of it), and no day of those is known.
WHERE day IN (SELECT day FROM touched) AND day <= DATE(clock.moment)
GROUP BY accepting_unit, deciding_unit, day, is_dated, clock.moment, known.last_reception
