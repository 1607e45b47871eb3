"""Where the bytes of the archive live: content-addressed, put once, checkable with `sha256sum`."""

from storage.port import Capabilities, Lock, LockMode, ObjectStore, put_bytes

__all__ = ["Capabilities", "Lock", "LockMode", "ObjectStore", "put_bytes"]
