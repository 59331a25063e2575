"""The form of a correction as a browser sends it, and what the tests of corrections ask the database."""

from sqlalchemy import select

from tests.browsing import Browser
from tests.page import Page
from tracker.extensions import db
from tracker.models import Channel, Review


class Form:
    """The form as a browser sends it: filled with the review as it is, until something is changed."""

    def __init__(self, browser: Browser, review: Review) -> None:
        self.browser, self.channel_id = browser, review.channel_id
        self.url = f"/meetings/{review.meeting_id}/reviews/{review.id}/correct"
        self.values = browser.get(self.url).form("/correct").values

    def fill(self, **fields: str) -> "Form":
        """Change fields; "__" stands for the dot."""
        for name, value in fields.items():
            own = name in ("reason", "withdraw")
            self.values[name if own else f"channel-{self.channel_id}.{name.replace('__', '.')}"] = value
        return self

    def check(self, expect: int = 200) -> Page:
        """Press "Check the correction"."""
        return self.browser.post(self.url, self.values, expect=expect)

    def confirm(self, expect: int = 200) -> Page:
        """Press "Check the correction", then "Make the correction"."""
        asked = self.check().form("/correct")
        return self.browser.post(asked.action, asked.values, expect=expect)


def newest(of: Channel) -> Review:
    """The channel's review that was written last."""
    db.session.expire_all()
    query = select(Review).where(Review.channel_id == of.id).order_by(Review.id.desc())
    return db.session.scalars(query.limit(1)).one()


def said(review: Review) -> dict[str, tuple[str, str]]:
    """Level and reason by criterion."""
    return {one.criterion.value: (one.level.value, one.reason) for one in review.ratings}
