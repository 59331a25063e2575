"""Pages: my private tokens: making one, which is shown once, and revoking one."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from tracker import guard, language, tokens
from tracker.account.views import room
from tracker.extensions import db
from tracker.models import Token, User
from tracker.rules.accounts import a_year_after
from tracker.rules.days import sensible
from tracker.rules.deeds import Deed
from tracker.rules.judgement import clean

NAME_MAX = 80


def _one_line(text: Any) -> Any:
    return " ".join(clean(text).split()) if isinstance(text, str) else text


class TokenForm(FlaskForm):
    """What the token is for, and until when it holds."""

    name = StringField(
        _l("Name"),
        filters=[_one_line],
        validators=[DataRequired(_l("Please fill in this field.")), Length(max=NAME_MAX)],
        description=_l("What it is for, so that you know it again: “Audit 2026, laptop”."),
    )
    until_on = DateField(_l("Holds until, that day included"))

    def validate_until_on(self, field: Any) -> None:
        """A day is needed: nothing holds for ever."""
        if field.data is None or not sensible(field.data):
            field.errors = []
            raise ValidationError(_("Please give a day."))


@room.route("/tokens", methods=["GET", "POST"])
@guard.allow(Deed.TOKENS_ADD)
def own_tokens() -> Any:
    """The tokens there are, and making one. Its text stands in the answer, and nowhere afterwards."""
    someone, form, on = guard.signed_in(), TokenForm(), language.today()
    if form.validate_on_submit():
        try:
            made, text = tokens.make(someone, form.name.data, form.until_on.data, on)
        except tokens.TokenRefused as refused:
            db.session.rollback()
            form[refused.field].errors = [*form[refused.field].errors, str(refused)]
        else:
            db.session.commit()
            return _page(someone, TokenForm(formdata=None), made=made, text=text)
    return _page(someone, form), 422 if request.method == "POST" else 200


@room.route("/tokens/<int:token_id>/revoke", methods=["GET", "POST"])
@guard.allow(Deed.TOKENS_REVOKE)
def revoke_token(token_id: int) -> Any:
    """First what it means, then it holds no more. Other people's tokens do not exist."""
    found = db.session.get(Token, token_id, with_for_update=request.method == "POST")
    if found is None or found.user_id != guard.signed_in().id:
        abort(404)
    if request.method == "GET":
        return render_template("account/revoke.html", token=found)
    revoked = tokens.revoke(found)
    db.session.commit()
    said = _("The token %(name)s is revoked.", name=found.name)
    flash(said if revoked else _("It is so already. Nothing was changed."), "info")
    return redirect(url_for("account.own_tokens"), 303)


def _page(someone: User, form: TokenForm, **more: Any) -> str:
    on = language.today()
    return render_template(
        "account/tokens.html",
        form=form,
        tokens=tokens.of(someone),
        on=on,
        last=a_year_after(on),
        address=current_app.config["BASE_URL"].rstrip("/") + url_for("evidence.pull"),
        **more,
    )
