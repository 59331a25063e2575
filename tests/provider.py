"""An OpenID Connect provider on loopback, in a process of its own: whoever gives an address is believed to have it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def provider() -> Iterator[str]:
    """Its address, for as long as it runs; it says itself where it listens."""
    command = [sys.executable, "-u", "-m", "oidc_provider_mock", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if found := re.search(r"http://(?:localhost|127\.0\.0\.1):\d+", line):
                break
        else:
            pytest.fail(f"The provider did not start: {said}")
        try:
            yield found[0].replace("127.0.0.1", "localhost")
        finally:
            process.kill()
