"""The description of the contract, as a whole: what `openapi.py` makes of the code, and what people write beside it.

`whole.py` puts it together, `make openapi` writes it into `json/openapi.json`, and that file is what is served.
"""
