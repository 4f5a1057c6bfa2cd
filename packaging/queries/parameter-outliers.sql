-- The values that are to be changed, and on how many hosts they stand.
SELECT change.value ->> 'parameter' AS parameter,
       change.value ->> 'now' AS now,
       change.value ->> 'advised' AS advised,
       count(DISTINCT host) AS hosts
FROM host,
     json_each(host.json, '$.findings') AS finding,
     json_each(finding.value, '$.changes') AS change
GROUP BY parameter, now, advised
ORDER BY hosts DESC, parameter, now, advised;
