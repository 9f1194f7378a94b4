"""The AWS of one machine: moto in this process, with what it lacks, on a clock that can be moved.

It knows its template and the functions that it is given, and nothing of what they are for.

| module | says |
|---|---|
| `template`, `stack` | what a template means; how all of it is made in moto |
| `makers`, `pool_makers`, `delivery_makers` | what each type of resource becomes |
| `indexes`, `table`, `streams`, `tables` | DynamoDB that stays fast, and right among threads |
| `queues` | the same for SQS |
| `pool_sessions` | Cognito: signing in step by step, and out |
| `haste` | what moto need not look up, and boto3 need not wait for |
| `patterns`, `pumps` | what Lambda does between a source and a function |
| `stream_source`, `queue_source`, `topic_source`, `sources` | the sources, and which of them the template names |
| `ses`, `ses_events` | SES: what becomes of mail, and of mail to its simulator's addresses |
| `s3_door`, `s3_form`, `s3_policy`, `s3_signing`, `s3_events` | forms, links and notifications as S3 has them |
| `s3_cors` | which pages may do what with a bucket |
| `signing_time` | forms and links are signed, and expire, by the movable clock |
| `functions` | which functions a Chalice app has |
| `clock` | the movable clock, and what rings when it is moved |
| `machines` | Step Functions on that clock: moto's interpreter, its waits and retries |
| `cron`, `cron_fields` | when a `rate(…)` or a `cron(…)` is next due |
| `schedules` | EventBridge on that clock: the scheduled functions, each at its times |
| `answers`, `serving` | HTTP |
| `outages`, `tokens` | services that do not answer; Cognito's token endpoint |
| `keeping` | all of it as bytes, and back |
| `isolation` | nothing here can reach the real AWS |
"""

REGION = "us-east-1"
