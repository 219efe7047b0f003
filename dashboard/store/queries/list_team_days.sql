-- list_team_days.sql: the newest state of each team's days, with the team's name.
SELECT d.day_id, d.team_id, t.name AS team, d.goes_on, d.communes, d.state, d.batch_id AS batch
FROM current_team_day d
LEFT JOIN current_team t ON t.team_id = d.team_id AND t.province_code = d.province_code
WHERE d.province_code = :province
ORDER BY d.goes_on, t.name, d.day_id
