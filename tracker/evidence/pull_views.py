"""The evidence for scripts: the JSON of the export, pulled with a private token. No session, no form, no page.

Whatever goes wrong is answered in JSON as well: {"error": a sentence}, for filters also {"fields": {name: sentences}}.
"""

from typing import Any

from flask import abort, current_app, g, jsonify, request
from flask_babel import gettext as _

from tracker import admitting, guard, language, tokens
from tracker.evidence import export as files
from tracker.evidence.views import filter_form, room
from tracker.extensions import db, limiter
from tracker.rules.deeds import Deed
from tracker.taking_home import Form, answer


@room.get("/evidence/pull.json")
@limiter.limit(lambda: current_app.config["RATELIMIT_TOKEN"])
@admitting.by_token(Deed.EVIDENCE_EXPORT)
def pull() -> Any:
    """The rows of the person's units, with the filters of the page. It stands in the journal as their export."""
    if request.method == "HEAD":
        abort(405)  # it would be noted as taken, and nothing would be
    unit_ids, on = guard.units_for(Deed.EVIDENCE_EXPORT), language.today()
    asked = filter_form(request.args, unit_ids)
    valid = asked.validate()
    unknown = set(request.args) - {field.name for field in asked}
    if unknown or not valid:
        fields = {field.name: [str(said) for said in field.errors] for field in asked if field.errors}
        fields |= {name: [_("There is no such filter.")] for name in sorted(unknown)}
        return jsonify(error=_("One of the filters is not right."), fields=fields), 422
    filters = asked.filters(unit_ids)
    db.session.rollback()  # what only shows cannot write: from here on the request notes what it takes home
    tokens.used(g.token, on)
    pieces = files.export(Form.JSON, filters, on, language.chosen())
    return answer(Form.JSON, pieces, _("evidence"), on)
