"""What an e-mail address is: whatever goes over the wire as one."""

import re
from email.errors import MessageError
from email.headerregistry import Address
from functools import lru_cache


class AddressRefused(ValueError):
    """This is no address that a mail can be sent to; the text is one sentence."""


@lru_cache(maxsize=16_384)  # a run asks for the same few addresses again and again
def clean_address(address: str) -> str:
    """The address as it goes over the wire (umlauts of the domain as punycode). Raises AddressRefused."""
    local, at, domain = address.strip().rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
        if not (at and local and domain and re.fullmatch(r"[!-~]+", plain)):
            raise AddressRefused(f"{address!r} is not an e-mail address.")
        return Address(addr_spec=plain).addr_spec
    except (UnicodeError, MessageError, ValueError, IndexError):
        raise AddressRefused(f"{address!r} is not an e-mail address.") from None
