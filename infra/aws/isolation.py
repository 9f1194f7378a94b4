"""Nothing here can ever reach the real AWS: whatever the user's shell knows of it is gone before boto3 is asked."""

import os

from infra.aws import REGION


def forget_real_aws() -> None:
    """Take every AWS setting out of this process's environment and put local ones in."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "BOTO_", "MOTO_"))]:
        del os.environ[name]
    os.environ.update(
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_DEFAULT_REGION=REGION,
        AWS_REGION=REGION,
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        AWS_MAX_ATTEMPTS="1",  # nothing here fails in a way that a second attempt would mend
    )
