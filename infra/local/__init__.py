"""The AWS of this machine: `python -m infra.local` runs the whole system in one process, from `resources.yaml`.

| module | says |
|---|---|
| `template`, `aws`, `makers` | what `resources.yaml` means, and how it is made in moto |
| `indexes`, `table`, `streams`, `tables` | DynamoDB that stays fast, and right among threads |
| `queues` | the same for SQS |
| `haste` | what moto need not look up, and boto3 need not wait for |
| `patterns`, `pumps` | what Lambda does between a source and a function |
| `stream_source`, `queue_source`, `topic_source`, `sources` | the sources, and which of them the template names |
| `ses`, `ses_events` | SES: what becomes of mail, and of mail to its simulator's addresses |
| `s3_door`, `s3_form`, `s3_policy`, `s3_signing`, `s3_events` | forms, links and notifications as S3 has them |
| `signing_time` | forms and links are signed, and expire, by the movable clock |
| `functions` | which functions the app has |
| `clock` | the movable clock, and what rings when it is moved |
| `machines` | Step Functions on that clock: moto's interpreter, its waits and retries in the house's time |
| `schedules` | EventBridge on that clock: the scheduled functions, each at its times |
| `answers`, `serving`, `gateway` | HTTP, and API Gateway before the app |
| `outbox`, `outages`, `tokens`, `shop` | what was sent, or could not be; a storefront's tokens; the shop's orders |
| `desk` | the desk that has them all |
| `options`, `isolation`, `system`, `__main__` | putting it together |
"""
