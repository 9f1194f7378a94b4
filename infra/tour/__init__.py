"""A tour of the running local system: one complaint's life told step by step, or a file of complaints carried through.

It knows nothing but the HTTP contract, so that it shows what a storefront, a consumer and the staff really get. `calls`
speaks HTTP, `words` is what people write; `life` is the story, with `findings` and `remedy` its two halves, and `show`
its look; `rows` reads a file, `journey` takes one row from intake to closure, `many` does so for all of them and
`summary` says how it went.
"""
