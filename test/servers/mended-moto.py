"""moto_server, with what the tests need and moto lacks:
- of puts that ask for there to be no such key, or for one ETag, one alone succeeds (it looks first and puts later);
- a stack that was made from a change set has outputs and parameters;
- kinds of resources that moto does not know (CloudFront's, policies of buckets, alarms ...) are there by name;
- it is reached without TLS, so statements about that are passed over (it takes them to hold whatever the condition)."""

import json
import sys
import threading

from moto.cloudformation import parsing
from moto.cloudformation.models import ChangeSet
from moto.core.common_models import CloudFormationModel
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response
from moto.server import main

apply = ChangeSet.apply
class_of = parsing.resource_class_from_type
get_permission = FakeBucket.get_permission
put_object = S3Response.put_object
one_condition = threading.Lock()


class StandIn(CloudFormationModel):
    # moto reads the service from it.
    __module__ = "moto.cloudformation.stand_in"

    def __init__(self, name):
        self.physical_resource_id = name

    @staticmethod
    def cloudformation_type():
        return ""

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def create_from_cloudformation_json(cls, name, *_, **__):
        return cls(name)

    @classmethod
    def update_from_cloudformation_json(cls, original, *_, **__):
        return original

    @classmethod
    def delete_from_cloudformation_json(cls, *_, **__):
        pass

    @classmethod
    def has_cfn_attr(cls, _):
        return True

    def get_cfn_attribute(self, name):
        return f"{self.physical_resource_id}.{name}"


def apply_with_outputs(self):
    apply(self)
    self.stack.template = self.template
    self.stack.parameters = self.parameters
    self.stack._parse_template()
    self.stack.output_map = self.stack._create_output_map()


def get_permission_without_tls(self, action, resource):
    policy = self.policy
    if policy is not None:
        document = json.loads(policy)
        document["Statement"] = [s for s in document["Statement"] if "aws:SecureTransport" not in json.dumps(s)]
        self.policy = json.dumps(document).encode()
    try:
        return get_permission(self, action, resource)
    finally:
        self.policy = policy


def put_object_as_one(self):
    if "If-None-Match" not in self.headers and "If-Match" not in self.headers:
        return put_object(self)
    with one_condition:
        return put_object(self)


ChangeSet.apply = apply_with_outputs
parsing.resource_class_from_type = lambda kind: class_of(kind) or StandIn
FakeBucket.get_permission = get_permission_without_tls
S3Response.put_object = put_object_as_one
main(sys.argv[1:])
