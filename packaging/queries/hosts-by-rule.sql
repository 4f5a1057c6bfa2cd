-- What is asked, and of how many hosts.
SELECT finding.value ->> 'rule' AS rule,
       count(DISTINCT host) AS hosts,
       count(DISTINCT host) FILTER (WHERE finding.value ->> 'severity' = 'critical') AS critical,
       count(DISTINCT host) FILTER (WHERE finding.value ->> 'severity' = 'warning') AS warning,
       count(DISTINCT host) FILTER (WHERE finding.value ->> 'severity' = 'note') AS note,
       min(finding.value ->> 'title') AS title
FROM host, json_each(host.json, '$.findings') AS finding
GROUP BY rule
ORDER BY hosts DESC, rule;
