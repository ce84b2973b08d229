"""The look-up service: coverage answers over HTTP for people and programs, with roles and an audit."""

from smarthan.lazy import lazy_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .app import Service as Service
    from .app import create_app as create_app
    from .audit import AuditLog as AuditLog
    from .audit_summary import AuditSummary as AuditSummary
    from .audit_summary import summarise_audit as summarise_audit
    from .holder import ReleaseHolder as ReleaseHolder
    from .limits import ServiceLimits as ServiceLimits
    from .roles import Role as Role
    from .roles import Roles as Roles
    from .roles import local_roles as local_roles
    from .roles import read_roles as read_roles
    from .server import serve as serve

__all__ = [
    "AuditLog",
    "AuditSummary",
    "ReleaseHolder",
    "Role",
    "Roles",
    "Service",
    "ServiceLimits",
    "create_app",
    "local_roles",
    "read_roles",
    "serve",
    "summarise_audit",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "AuditLog": "smarthan.service.audit",
        "AuditSummary": "smarthan.service.audit_summary",
        "ReleaseHolder": "smarthan.service.holder",
        "Role": "smarthan.service.roles",
        "Roles": "smarthan.service.roles",
        "Service": "smarthan.service.app",
        "ServiceLimits": "smarthan.service.limits",
        "create_app": "smarthan.service.app",
        "local_roles": "smarthan.service.roles",
        "read_roles": "smarthan.service.roles",
        "serve": "smarthan.service.server",
        "summarise_audit": "smarthan.service.audit_summary",
    },
)
