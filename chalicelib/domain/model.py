"""What all models have in common."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Never changes. What checks it is built when it is first used, since one container uses few of all models."""

    model_config = ConfigDict(frozen=True, defer_build=True)
