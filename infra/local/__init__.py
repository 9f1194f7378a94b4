"""The AWS of this machine: `python -m infra.local` runs the whole system in one process, from `resources.yaml`.

| module | says |
|---|---|
| `template`, `aws` | what `resources.yaml` means, and how it is made in moto |
| `indexes`, `table`, `streams`, `tables` | DynamoDB that stays fast, and right among threads |
| `queues` | the same for SQS |
| `haste` | what moto need not look up at every call |
| `patterns`, `pumps`, `stream_source`, `queue_source` | what Lambda does between a source and a function |
| `functions` | which functions the app has |
| `clock` | the movable clock, and what rings when it is moved |
| `machines` | Step Functions on that clock: moto's interpreter, its waits and retries in the house's time |
| `schedules` | EventBridge on that clock: the scheduled functions, each at its times |
| `answers`, `serving`, `gateway` | HTTP, and API Gateway before the app |
| `outbox`, `tokens`, `desk` | what was sent, tokens for a storefront, and the desk that has both |
| `options`, `isolation`, `system`, `__main__` | putting it together |
"""
