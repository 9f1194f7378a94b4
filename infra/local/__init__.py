"""The whole house on this machine: `python -m infra.local` runs it in one process, from `resources.yaml`.

| module | says |
|---|---|
| `stack`, `staff` | `resources.yaml` made on the AWS of this machine (`infra/aws`), with accounts of staff |
| `alarms`, `rounds` | when the sweep, and the rounds, next have something to do |
| `gateway`, `answers` | API Gateway before the app, and what it says by itself |
| `outbox`, `shop` | what was sent; the shop's orders |
| `storefront`, `storefront_words` | the shop's pages: where a first complaint is filed by hand |
| `desk` | the desk that has them all |
| `state` | what is kept over a restart |
| `options`, `system`, `__main__` | putting it together |
"""
