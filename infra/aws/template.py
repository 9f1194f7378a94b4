"""Resolves the intrinsics of a template: what CloudFormation would do with them, for one stack of this machine.

Only the long forms are known (`Ref:`, `Fn::GetAtt:`, `Fn::Sub:`, `Fn::Join:`, `Fn::If:`), since only they are used. A
resource is made when something first refers to it, so that the order of the file means nothing here either.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

SECRET = re.compile(r"\{\{resolve:secretsmanager:.+?\}\}")


@dataclass(frozen=True)
class Made:
    """One made resource: what `Ref` gives for it, and what `Fn::GetAtt` gives by attribute."""

    ref: str
    attributes: Mapping[str, str] = field(default_factory=dict)


class There(NamedTuple):
    """What is made, by logical id, and the secrets that were made up, by the reference to them."""

    made: Mapping[str, Made]
    secrets: Mapping[str, str]


NOTHING = There({}, {})
Maker = Callable[[str, dict[str, Any]], Made]
"""Makes one resource from its logical id and its resolved properties."""


class Stack:
    """The resources of one template, made by `makers` (by resource type), each once."""

    def __init__(
        self,
        template: Mapping[str, Any],
        makers: Mapping[str, Maker],
        pseudo: Mapping[str, str],
        there: There = NOTHING,
        **overrides: str,
    ) -> None:
        self.template = template
        self._makers = makers
        parameters = template.get("Parameters", {})
        if unknown := overrides.keys() - parameters.keys():
            raise ValueError(f"no such parameter: {', '.join(sorted(unknown))}")
        defaults = {name: str(parameter["Default"]) for name, parameter in parameters.items() if "Default" in parameter}
        self._values = {**pseudo, **defaults, **overrides}
        self._lists = {name for name, parameter in parameters.items() if parameter["Type"] == "CommaDelimitedList"}
        self._made, self._secrets = dict(there.made), dict(there.secrets)

    @property
    def there(self) -> There:
        """What it has made."""
        return There(self._made, self._secrets)

    def make_all(self) -> None:
        """Make every resource there is a maker for."""
        for name, resource in self.template["Resources"].items():
            if resource["Type"] in self._makers:
                self.made(name)

    def made(self, name: str) -> Made:
        """The resource of this logical id, made now if it was not yet.

        What nothing here makes is either a function, made by Chalice, or something one machine does without; its
        logical id stands for it."""
        if name not in self._made:
            resource = self.template["Resources"].get(name, {})
            maker = self._makers.get(resource.get("Type", ""))
            made = maker(name, self.properties(name)) if maker else Made(name, {"Arn": self._function_arn(name)})
            self._made[name] = made
        return self._made[name]

    def _function_arn(self, name: str) -> str:
        return self._sub("arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:" + name)

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The resolved properties of all resources of a type, by logical id."""
        return {
            name: self.properties(name)
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }

    def properties(self, name: str) -> dict[str, Any]:
        return dict(self.resolve(self.template["Resources"][name].get("Properties", {})))

    def environment(self) -> dict[str, str]:
        """The environment variables that every function of the template is given."""
        variables = self.template["Globals"]["Function"]["Environment"]["Variables"]
        return {name: str(self.resolve(value)) for name, value in variables.items()}

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.resolve(part) for part in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (intrinsic := self._intrinsics.get(next(iter(value)))):
            return intrinsic(self, next(iter(value.values())))
        return {key: self.resolve(part) for key, part in value.items()}

    def _ref(self, name: str) -> str | list[str]:
        value = self._values[name] if name in self._values else self.made(name).ref
        return [part.strip() for part in value.split(",")] if name in self._lists else value

    def _get_att(self, path: str | list[str]) -> str:
        name, attribute = path.split(".", 1) if isinstance(path, str) else path
        return self.made(name).attributes[attribute]

    def _sub(self, argument: str | list[Any]) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument
        replaced = re.sub(r"\$\{([^!}]+)\}", partial(self._variable, self.resolve(own)), text).replace("${!", "${")
        return SECRET.sub(self._secret_of, replaced)

    def _secret_of(self, match: re.Match[str]) -> str:
        """The value of a secret: made up when first asked for, then always the same."""
        return self._secrets.setdefault(match[0], secrets.token_hex(32))

    def _variable(self, own: Mapping[str, str], match: re.Match[str]) -> str:
        name = match[1]
        if name in own:
            return str(own[name])
        return self._get_att(name) if "." in name else str(self._ref(name))

    def _join(self, argument: list[Any]) -> str:
        separator, parts = argument
        return str(separator).join(str(part) for part in self.resolve(parts))

    def _if(self, argument: list[Any]) -> Any:
        condition, then, otherwise = argument
        return self.resolve(then if self.resolve(self.template["Conditions"][condition]) else otherwise)

    def _equals(self, argument: list[Any]) -> bool:
        one, other = self.resolve(argument)
        return bool(one == other)

    def _not(self, argument: list[Any]) -> bool:
        return not self.resolve(argument[0])

    _intrinsics: Mapping[str, Callable[["Stack", Any], Any]] = {
        "Ref": _ref,
        "Fn::GetAtt": _get_att,
        "Fn::Sub": _sub,
        "Fn::Join": _join,
        "Fn::If": _if,
        "Fn::Equals": _equals,
        "Fn::Not": _not,
    }


def known(client: Any, operation: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The properties that the API call takes under the same name; the rest says nothing to moto."""
    takes = client.meta.service_model.operation_model(operation).input_shape.members
    return {key: value for key, value in properties.items() if key in takes}
