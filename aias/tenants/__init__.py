"""Tenants: customer accounts, their people, their plans and lanes."""

from aias.tenants.queries import Lane, Tenant, create_tenant, create_user, list_lanes, list_tenants, set_plan

__all__ = ["Lane", "Tenant", "create_tenant", "create_user", "list_lanes", "list_tenants", "set_plan"]
