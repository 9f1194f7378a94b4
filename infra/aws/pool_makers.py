"""Makers of Cognito's user pools, which moto's CloudFormation cannot make."""

from collections.abc import Callable
from typing import Any

from infra.aws.template import Made, Maker, known

ClientFactory = Callable[[str], Any]


def makers(client: ClientFactory, stack: str) -> dict[str, Maker]:
    """A maker by resource type; names begin with the name of the `stack`."""

    def pool(name: str, properties: dict[str, Any]) -> Made:
        cognito = client("cognito-idp")
        own = known(cognito, "CreateUserPool", properties) | {"PoolName": f"{stack}-{name}"}
        custom = own.pop("Schema", [])  # with a schema of its own, a pool of moto loses the standard one
        made = cognito.create_user_pool(**own)["UserPool"]
        if custom:
            cognito.add_custom_attributes(UserPoolId=made["Id"], CustomAttributes=custom)
        if properties.get("EnabledMfas") == ["SOFTWARE_TOKEN_MFA"]:
            cognito.set_user_pool_mfa_config(
                UserPoolId=made["Id"],
                SoftwareTokenMfaConfiguration={"Enabled": True},
                MfaConfiguration=properties["MfaConfiguration"],
            )
        return Made(made["Id"], {"Arn": made["Arn"], "UserPoolId": made["Id"]})

    def pool_client(name: str, properties: dict[str, Any]) -> Made:
        cognito = client("cognito-idp")
        own = known(cognito, "CreateUserPoolClient", properties)
        made = cognito.create_user_pool_client(**own)["UserPoolClient"]
        return Made(made["ClientId"], {"ClientId": made["ClientId"], "ClientSecret": made.get("ClientSecret", "")})

    def part_of_pool(operation: str, ref: str) -> Maker:
        def make(name: str, properties: dict[str, Any]) -> Made:
            cognito = client("cognito-idp")
            method = {"CreateGroup": cognito.create_group, "CreateResourceServer": cognito.create_resource_server}
            method[operation](**known(cognito, operation, properties))
            return Made(properties[ref])

        return make

    return {
        "AWS::Cognito::UserPool": pool,
        "AWS::Cognito::UserPoolClient": pool_client,
        "AWS::Cognito::UserPoolGroup": part_of_pool("CreateGroup", "GroupName"),
        "AWS::Cognito::UserPoolResourceServer": part_of_pool("CreateResourceServer", "Identifier"),
    }
