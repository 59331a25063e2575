"""The first of the demo's two years."""

from datetime import date, time

from tracker.demo.chapters import Agreed, Chapter, Close, Correct, Decided, Explain, Finish, Plan, tuesday
from tracker.demo.sentences import BOEBLINGEN, CHANNELS
from tracker.rules.words import Criterion, Decision, Level

K, R, S = Criterion.COST_BENEFIT, Criterion.LEGALITY, Criterion.STRATEGY
REMARK = Level.REMARK


def year_before(y: int) -> list[Chapter]:
    """Mostly kept: two slots made up for in their grace, one missed and explained, a correction, a pause decided."""
    q1, q2, q3, q4 = tuesday(y, 3, 11), tuesday(y, 6, 17), tuesday(y, 9, 16), tuesday(y, 12, 9)
    extra_july, extra_october = tuesday(y, 7, 8), tuesday(y, 10, 14)
    everything = tuple(CHANNELS)
    return [
        Plan(tuesday(y, 1, 28), time(10, 5), q1, everything),
        Close(
            q1,
            time(16, 20),
            q1,
            said={"azubi-youtube": {S: (REMARK, "Abgrenzung zum Instagram-Auftritt im Konzept nicht beschrieben.")}},
        ),
        Plan(tuesday(y, 4, 8), time(9, 40), q2, everything),
        Close(
            q2,
            time(16, 35),
            q2,
            skipped={"azubi-youtube": ()},
            excused=("ayse",),
            said={
                "instagram": {R: (REMARK, "Bei drei Beiträgen fehlt die Angabe der Bildquelle; wird nachgetragen.")},
                "xing": {K: (REMARK, "Aufwand 2 Std. je Monat, im Quartal keine Bewerbung.")},
            },
            actions=(Agreed("instagram", "Bildquellen der drei Beiträge nachtragen", "jonas", tuesday(y, 6, 24)),),
        ),
        Finish(tuesday(y, 6, 24), time(11, 15), "Bildquellen der drei", "jonas", "Nachgetragen und gegengelesen."),
        Plan(tuesday(y, 7, 1), time(9, 10), extra_july, ("azubi-youtube",), "Bildungshaus, Raum 1.07"),
        Close(extra_july, time(11, 30), extra_july),
        Plan(tuesday(y, 7, 15), time(13, 50), q3, everything),
        Close(
            q3,
            time(17, 5),
            q3,
            skipped=dict.fromkeys(BOEBLINGEN, ()),
            excused=("martin",),
            said={
                "twitter": {S: (REMARK, "Ministerien antworten kaum noch; Entwicklung beobachten.")},
                "xing": {K: (REMARK, "Zweites Quartal ohne Bewerbung bei gleichem Aufwand.")},
            },
        ),
        Correct(
            tuesday(y, 9, 23), time(10, 25), q3, "youtube", R, REMARK,
            "Bei zwei von neun Videos des Quartals fehlen die Untertitel.",
            "Nachprüfung ergab, dass nicht alle neuen Videos Untertitel haben.", "jonas",
        ),
        Plan(tuesday(y, 10, 7), time(9, 20), extra_october, ("boeblingen-facebook",), "Videokonferenz"),
        Close(extra_october, time(15, 10), extra_october),
        Plan(tuesday(y, 10, 21), time(14, 30), q4, everything),
        Explain(
            tuesday(y, 11, 4), time(8, 50), "boeblingen-instagram", f"{y}-4-3",
            "Die Betreuung des Auftritts war nach einem Personalwechsel in der Bezirkskammer nicht geregelt; in der "
            "Nachfrist fand keine Sitzung dazu statt. Seit Oktober betreut Martin Kolb den Kanal.",
        ),
        Close(
            q4,
            time(16, 45),
            q4,
            said={
                "xing": {S: (REMARK, "Stellenangebote laufen inzwischen vollständig über das Karriereportal.")},
                "azubi-youtube": {K: (REMARK, "Produktion je Video 14 Std., 380 Aufrufe im Mittel.")},
            },
            actions=(
                Agreed("xing", "Hinweis auf das Karriereportal im Profil hinterlegen", "jonas", tuesday(y + 1, 1, 27)),
            ),
            decisions=(
                Decided("xing", Decision.DORMANT, date(y + 1, 1, 1),
                        "Kein messbarer Nutzen für die Personalgewinnung; das Profil bleibt als Verweis bestehen."),
            ),
        ),
    ]  # fmt: skip
