"""The internal audit (6.3): rules that a machine looks at for every closure, and people's judgement of a sample."""
