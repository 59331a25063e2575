"""The log's form as a browser sends it: every field with the value the page gave it, until somebody changes it."""

import json
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse

from tests.browsing import Browser
from tracker.models import Channel, Meeting


class LogForm(HTMLParser):
    """The fields of the log; change them with fill(), send them with save() or press_close()."""

    def __init__(self, browser: Browser, meeting: Meeting) -> None:
        super().__init__()
        self.browser, self.meeting = browser, meeting
        self.values: dict[str, list[str]] = {}
        self._inside = False
        self._area: str | None = None
        self._select: str | None = None
        self._folded: list[str] = []
        answer = browser.raw.get(f"/meetings/{meeting.id}/log")
        assert answer.status_code == 200, answer.text
        self.feed(answer.text)
        for address in self._folded:  # as the script of the page does when they are unfolded
            told = browser.raw.get(address).json
            self._inside = True
            self.feed(told["html"])
            shown = json.loads(self.values["shown"][0])
            self.values["shown"] = [json.dumps({**shown, **told["shown"]})]
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, Any] = dict(attrs)
        name, value = found.get("name"), found.get("value") or ""
        if tag == "form":
            self._inside = str(found.get("action", "")).endswith(f"/meetings/{self.meeting.id}/log")
        if not self._inside:
            return
        if found.get("data-from"):
            self._folded.append(found["data-from"])
        match tag:
            case "input" if name and (found.get("type") not in ("checkbox", "radio") or "checked" in found):
                self.values.setdefault(name, []).append(value)
            case "textarea":
                self._area = name
            case "select":
                self._select = name
                self.values[str(name)] = [""]
            case "option" if self._select and "selected" in found:
                self.values[self._select] = [value]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea" and self._area:
            self.values.setdefault(self._area, [""])
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = [data.removeprefix("\n")]

    def __getitem__(self, name: str) -> str:
        return self.values[name][0]

    def fill(self, of: Channel | None = None, /, **fields: Any) -> "LogForm":
        """Change fields; "__" stands for the dot, "action_1" for "action-1"."""
        for name, value in fields.items():
            key = name.replace("__", ".").replace("action_", "action-")
            key = f"channel-{of.id}.{key}" if of else key
            self.values[key] = value if isinstance(value, list) else [str(value)]
        return self

    def rate(self, of: Channel, level: str = "clear", reason: str = "") -> "LogForm":
        """One level for all three criteria of a channel."""
        for criterion in ("cost_benefit", "legality", "strategy"):
            self.fill(of, **{f"{criterion}__level": level, f"{criterion}__reason": reason})
        return self

    def head(self) -> "LogForm":
        """What the head needs to be closed."""
        me = self.browser.person
        assert me is not None
        return self.fill(
            chair="Katrin Seidel", minute_taker="Jonas Brandt", present=[str(me.id)], nobody_excused="1"
        )

    def save(self, **more: str) -> TestResponse:
        """Press "Save"."""
        return self.browser.raw.post(f"/meetings/{self.meeting.id}/log", data={**self.values, **more})

    def press_close(self, **more: str) -> TestResponse:
        """Press "Check and close"."""
        return self.browser.raw.post(f"/meetings/{self.meeting.id}/close", data={**self.values, **more})

    def confirm(self) -> TestResponse:
        """Press "Check and close", then "Close the meeting" on the page that asks."""
        asked = self.press_close()
        assert asked.status_code == 200, asked.text
        return self.browser.raw.post(f"/meetings/{self.meeting.id}/close", data=confirmation(asked))


def confirmation(asked: TestResponse) -> dict[str, str]:
    """What the page that asks before closing sends back."""
    found = {}
    for name in ("csrf_token", "confirm"):
        found[name] = asked.text.split(f'name="{name}" value="')[-1].split('"')[0]
    return found
