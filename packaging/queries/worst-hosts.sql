-- The hosts of which the worst is asked.
SELECT host,
       sum(json ->> '$.counts.critical') AS critical,
       sum(json ->> '$.counts.warning') AS warning,
       sum(json ->> '$.counts.note') AS note,
       max(taken) AS taken
FROM host
WHERE asks > 0
GROUP BY host
ORDER BY critical DESC, warning DESC, note DESC, host
LIMIT 20;
