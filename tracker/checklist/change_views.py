"""Pages: a new item, another wording or other places, stopping. What channels are no longer asked is shown first."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker import asking, guard, language
from tracker.asking import NOWHERE, Question
from tracker.checklist import changes, queries, where
from tracker.checklist.forms import AddForm, ChangeForm, FromForm, StopForm, digest, proposed, seen_of
from tracker.checklist.views import found, room
from tracker.extensions import db
from tracker.models import Channel, CheckItem, CheckWording
from tracker.rules.deeds import Deed
from tracker.rules.words import Criterion


@room.route("/add", methods=["GET", "POST"])
@guard.allow(Deed.CHECKLIST_CHANGE)
def add() -> Any:
    """An item of one's own; the same one sent twice is one."""
    by = guard.signed_in()
    form = AddForm() if request.method == "POST" else AddForm(data=_blank())
    form.offer(where.platforms_in_use(), where.unit_names())
    if not form.validate_on_submit():
        return render_template("checklist/add.html", form=form), 422 if form.errors else 200
    queries.hold()
    criterion, asked = Criterion(form.criterion.data), form.asked()
    item = queries.same(criterion, asked.text_de)
    if item is None:
        item = changes.add(criterion, asked, form.from_on.data, by)
        db.session.commit()
        flash(_("The item is in the list. Reviews ask it from that day on."), "info")
    else:
        flash(_("This item is in the list already. Nothing was changed."), "info")
    return redirect(url_for("checklist.show", item_id=item.id), 303)


def _blank() -> dict[str, Any]:
    return {
        "criterion": Criterion.LEGALITY.value,
        "platforms": ["*"],
        "units": ["*"],
        "from_on": language.today(),
    }


@room.route("/<int:item_id>/change", methods=["GET", "POST"])
@guard.allow(Deed.CHECKLIST_CHANGE)
def change(item_id: int) -> Any:
    """Another wording or other places from a day on; also: ask again. A commitment keeps the words of the concept."""
    by, asks = guard.signed_in(), request.method == "POST"
    if asks:
        queries.hold()
    item = found(item_id)
    newest = asking.question(item.wordings[-1])
    offered = _platforms(item)
    form = ChangeForm() if asks else ChangeForm(data=proposed(item, newest, offered, language.today()))
    if queries.is_commitment(item):
        del form.text_de, form.text_en
    form.offer(offered, where.unit_names())
    if not asks or request.form.get("back"):
        return _change_page(item, form)
    if not form.validate_on_submit():
        return _change_page(item, form), 422
    if form.one_sided(newest):
        return _change_page(item, form), 422
    asked, from_on = form.asked(newest), form.from_on.data
    if _is_so(item, asked, form):
        flash(_("It is so already. Nothing was changed."), "info")
        return redirect(url_for("checklist.show", item_id=item_id), 303)
    if form.seen.data and form.seen.data != seen_of(item):
        return _change_page(item, form, meanwhile=_seen_wording(item, form)), 409
    lost = where.no_longer_asked(item.wordings, asked, from_on)
    state = digest(_lost(lost), from_on, asked.platforms, asked.unit_ids)
    if lost and form.confirmed.data != state:
        return _confirm_page(item, form, lost, state, asked)
    changes.word(item, asked, from_on, form.reason.data, by)
    db.session.commit()
    flash(_("The change is written down. Answers given until now keep the wording they answered."), "info")
    return redirect(url_for("checklist.show", item_id=item_id), 303)


def _platforms(item: CheckItem) -> list[str]:
    """Those in use, and those that the item is asked on although no channel is on them any more."""
    offered = {name.casefold(): name for name in item.wordings[-1].platforms or ()}
    offered |= {name.casefold(): name for name in where.platforms_in_use()}
    return sorted(offered.values(), key=str.casefold)


def _is_so(item: CheckItem, asked: Question, form: FromForm) -> bool:
    """Whether the newest wording says this already, on that day."""
    newest = item.wordings[-1]
    begun = newest.from_on <= form.from_on.data
    return newest.until_on is None and begun and asking.question(newest) == asked


def _seen_wording(item: CheckItem, form: FromForm) -> CheckWording:
    """The wording that the page had shown."""
    number = (form.seen.data or "").partition(":")[0]
    return next((one for one in item.wordings if str(one.number) == number), item.wordings[0])


def _lost(lost: list[Channel]) -> list[int]:
    return sorted(one.id for one in lost)


def _change_page(item: CheckItem, form: ChangeForm, meanwhile: CheckWording | None = None) -> str:
    newest = item.wordings[-1]
    return render_template(
        "checklist/change.html",
        item=item,
        form=form,
        seen=seen_of(item),
        meanwhile=meanwhile,
        is_commitment=queries.is_commitment(item),
        again=asking.question(newest).nowhere or queries.ended(item, language.today()),
        planned=newest if newest.from_on > language.today() and newest.until_on is None else None,
        names=where.unit_names(),
        where_words=where.words,
    )


def _confirm_page(item: CheckItem, form: Any, lost: list[Channel], state: str, asked: Question) -> str:
    """What the change does, before it is done; the form goes along in hidden fields."""
    return render_template(
        "checklist/confirm.html",
        item=item,
        form=form,
        lost=lost,
        state=state,
        before=item.wordings[-1],
        asked=asked,
        of_channels=len(where.channels_run(max(form.from_on.data, language.today()))),
        back=url_for(request.endpoint or "", item_id=item.id),
        stops=isinstance(form, StopForm),
        names=where.unit_names(),
        where_words=where.words,
    )


@room.route("/<int:item_id>/stop", methods=["GET", "POST"])
@guard.allow(Deed.CHECKLIST_CHANGE)
def stop(item_id: int) -> Any:
    """Ask an item no longer from a day on, after a look at what that does. 404 for a commitment of the concept."""
    by, asks = guard.signed_in(), request.method == "POST"
    if asks:
        queries.hold()
    item = found(item_id)
    if queries.is_commitment(item):
        abort(404)
    form = StopForm() if asks else StopForm(data={"from_on": language.today()})
    if not asks or request.form.get("back"):
        return _stop_page(item, form)
    if not form.validate_on_submit():
        return _stop_page(item, form), 422
    from_on = form.from_on.data
    newest = item.wordings[-1]
    if newest.until_on is not None and newest.until_on < from_on:
        flash(_("It is so already. Nothing was changed."), "info")
        return redirect(url_for("checklist.show", item_id=item_id), 303)
    if form.seen.data and form.seen.data != seen_of(item):
        return _stop_page(item, form, meanwhile=_seen_wording(item, form)), 409
    lost = where.no_longer_asked(item.wordings, None, from_on)
    state = digest(_lost(lost), from_on)
    if form.confirmed.data != state:
        asked = replace(asking.question(newest), platforms=NOWHERE)
        return _confirm_page(item, form, lost, state, asked)
    changes.stop(item, from_on, form.reason.data, by)
    db.session.commit()
    flash(
        _("From %(day)s on it is not asked any more. What was answered stays.", day=language.day(from_on)),
        "info",
    )
    return redirect(url_for("checklist.show", item_id=item_id), 303)


def _stop_page(item: CheckItem, form: StopForm, meanwhile: CheckWording | None = None) -> str:
    return render_template(
        "checklist/stop.html",
        item=item,
        form=form,
        seen=seen_of(item),
        meanwhile=meanwhile,
        names=where.unit_names(),
        where_words=where.words,
    )
