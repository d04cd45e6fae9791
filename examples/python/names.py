"""Names inside the manifest: docs/protocol.md, section "Names of documents"."""

import hashlib


def tenant_policy_path(tenant_key):
    name = hashlib.sha256(b"fairlead-tenant-policy\0" + tenant_key.encode("ascii")).hexdigest()
    return f"policy/tenant/{name}.json"


def roles_of_tenant_policy(path):
    """The roles that may list the policy of a tenant, each delegated by the one before it."""
    name = path.rsplit("/", 1)[1]
    return ["policy", f"policy-{name[:1]}", f"policy-{name[:2]}"]
