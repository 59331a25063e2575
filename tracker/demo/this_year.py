"""The second of the demo's two years, the one that is looked at."""

from datetime import date, time

from tracker.demo.chapters import (
    Agreed,
    Chapter,
    Close,
    Correct,
    Decided,
    Explain,
    Finish,
    Move,
    Plan,
    Prepare,
    Reopen,
    tuesday,
)
from tracker.demo.sentences import BOEBLINGEN, CHANNELS, GUIDE
from tracker.rules.words import Criterion, Decision, Level

K, R, S = Criterion.COST_BENEFIT, Criterion.LEGALITY, Criterion.STRATEGY
REMARK, OBJECTION = Level.REMARK, Level.OBJECTION


def this_year(y: int) -> list[Chapter]:
    """The whole year."""
    return [*until_summer(y), *since_summer(y)]


def until_summer(y: int) -> list[Chapter]:
    """January to June: three channels are late for the first quarter."""
    q1, q2 = tuesday(y, 3, 17), tuesday(y, 6, 16)
    extra_april = tuesday(y, 4, 21)
    everything = tuple(CHANNELS)
    return [
        Finish(tuesday(y, 1, 20), time(9, 30), "Hinweis auf das Karriereportal", "jonas", "Im Profil verlinkt."),
        Plan(tuesday(y, 1, 27), time(10, 10), q1, everything),
        Close(
            q1,
            time(16, 30),
            q1,
            skipped={"boeblingen-instagram": (), "goeppingen-linkedin": (), "youtube": (S,)},
            excused=("petra",),
            said={
                "twitter": {
                    K: (REMARK, "Aufwand 11 Std. je Monat bei sinkender Reichweite."),
                    S: (REMARK, "Ministerien und Redaktionen ziehen sich zurück."),
                },
                "boeblingen-facebook": {S: (REMARK, "Themenplan fehlt.")},
                "facebook": {R: (OBJECTION, "Datenschutzhinweise nennen noch eine außer Kraft getretene Vorschrift.")},
            },
            actions=(
                Agreed("facebook", "Datenschutzhinweise an das geltende Recht anpassen", "jonas", tuesday(y, 4, 28)),
                Agreed("boeblingen-facebook", "Entwurf eines Themenplans vorlegen", "martin", tuesday(y, 3, 31)),
            ),
        ),
        Plan(tuesday(y, 4, 7), time(9, 0), extra_april, ("boeblingen-instagram", "goeppingen-linkedin", "youtube"),
             "Videokonferenz"),
        Close(
            extra_april,
            time(11, 40),
            extra_april,
            skipped={"youtube": (K, R)},
            said={"boeblingen-instagram": {R: (REMARK, "Impressum nur über die Facebook-Seite erreichbar.")}},
            actions=(
                Agreed("boeblingen-instagram", "Impressum im Profil verlinken", "martin", tuesday(y, 5, 12)),
            ),
        ),
        Finish(tuesday(y, 4, 21), time(15, 20), "Datenschutzhinweise an das", "jonas",
               "Neue Fassung mit der Datenschutzbeauftragten abgestimmt und veröffentlicht."),
        Plan(tuesday(y, 5, 5), time(10, 15), q2, everything),
        Finish(tuesday(y, 5, 12), time(14, 5), "Impressum im Profil", "martin", "Verlinkt."),
        Close(
            q2,
            time(16, 50),
            q2,
            skipped={**dict.fromkeys(BOEBLINGEN, ()), "youtube": (S,)},
            excused=("martin",),
            said={
                "facebook": {R: (REMARK, "Verweis auf das Impressum in der App zwei Ebenen tief; näher heranrücken.")},
                "twitter": {
                    K: (REMARK, "Aufwand unverändert 11 Std. je Monat, Reichweite um 18 % gesunken."),
                    R: (REMARK, "Netiquette verlinkt, Sperrungen nicht dokumentiert."),
                    S: (REMARK, "Ministerien und Redaktionen ziehen sich zurück."),
                },
            },
            guests=("Externe Datenschutzbeauftragte",),
        ),
    ]  # fmt: skip


def since_summer(y: int) -> list[Chapter]:
    """July to December: one slot missed and explained, another missed and not yet explained, a second pause."""
    extra_july, q3 = tuesday(y, 7, 14), tuesday(y, 9, 22)
    autumn, winter = tuesday(y, 10, 20), tuesday(y, 12, 8)
    late = tuesday(y, 8, 4)
    return [
        Finish(tuesday(y, 6, 30), time(10, 45), "Entwurf eines Themenplans", "martin", "Liegt der Leitung vor."),
        Plan(tuesday(y, 7, 7), time(9, 35), extra_july, ("boeblingen-instagram", "youtube"), "Videokonferenz"),
        # Closed three weeks later, when the grace was over: "entered afterwards", on purpose.
        Close(late, time(9, 15), extra_july, skipped={"youtube": (K, R)}),
        Explain(
            tuesday(y, 8, 11), time(10, 30), "boeblingen-facebook", f"{y}-4-2",
            "Wegen des Umzugs der Bezirkskammer fehlten im Juni und Juli die Unterlagen zu Aufwand und Reichweite. Die "
            "Evaluierung wird in der nächsten Sitzung nachgeholt; der Kanal steht künftig am Anfang der Tagesordnung.",
        ),
        Plan(tuesday(y, 8, 25), time(9, 55), q3, tuple(CHANNELS)),
        Close(
            q3,
            time(17, 0),
            q3,
            skipped={**dict.fromkeys(BOEBLINGEN, ()), "linkedin": ()},
            said={
                "twitter": {
                    K: (REMARK, "Aufwand 11 Std. je Monat bei sinkender Reichweite."),
                    R: (REMARK, "Netiquette verlinkt, Sperrungen nicht dokumentiert."),
                    S: (OBJECTION, "Zielgruppe nicht mehr erreicht; Newsletter und LinkedIn wirken besser."),
                },
                "goeppingen-linkedin": {R: (OBJECTION, "Impressum vom Profil aus nicht erreichbar.")},
                "azubi-youtube": {K: (REMARK, "Produktion je Video 14 Std., 380 Aufrufe im Mittel.")},
            },
            actions=(
                Agreed("goeppingen-linkedin", "Impressum auf dem Profil ergänzen", "petra", tuesday(y, 10, 6)),
                Agreed("twitter", "Abschiedsbeitrag und Verweis auf Newsletter vorbereiten", "jonas",
                       tuesday(y, 10, 27)),
                Agreed("twitter", "Liste der Sperrungen führen", "jonas", tuesday(y, 12, 1)),
            ),
            decisions=(
                Decided("twitter", Decision.CRISIS_ONLY, date(y, 10, 1),
                        "Aufwand und Wirkung stehen nicht im Verhältnis; für Krisenlagen bleibt der Zugang."),
            ),
        ),
        Correct(
            tuesday(y, 9, 29), time(11, 20), q3, "azubi-instagram", R, REMARK,
            "Für zwei Fotos der Freisprechungsfeier fehlt die schriftliche Einwilligung; Beiträge sind ausgeblendet.",
            "Nach der Sitzung gingen zwei Rückfragen Abgebildeter ein.", "ayse",
        ),
        Plan(tuesday(y, 10, 6), time(9, 25), autumn,
             ("facebook", "instagram", "twitter", "linkedin", "xing", "azubi-instagram", *BOEBLINGEN)),
        Close(
            autumn,
            time(16, 15),
            autumn,
            skipped={"boeblingen-instagram": (S,)},
            excused=("petra",),
            said={
                "instagram": {R: (REMARK, "Datenschutzhinweise nennen alte Anschrift der Datenschutzbeauftragten.")},
                "linkedin": {R: (REMARK, "Verantwortliche Person fehlt; bis Jahresende vertritt Kommunikation.")},
                "boeblingen-facebook": {S: (REMARK, "Themenplan liegt vor, ist aber nicht abgestimmt.")},
            },
            actions=(
                Agreed("instagram", "Anschrift in den Datenschutzhinweisen berichtigen", "jonas", tuesday(y, 11, 3)),
                Agreed("linkedin", "Verantwortliche Person für das Konzept benennen", "katrin", tuesday(y, 12, 15)),
                Agreed("boeblingen-facebook", "Themenplan mit der Hauptgeschäftsstelle abstimmen", "martin",
                       tuesday(y, 11, 24)),
            ),
        ),
        Finish(tuesday(y, 10, 27), time(10, 0), "Abschiedsbeitrag und Verweis", "jonas", "Veröffentlicht."),
        Finish(tuesday(y, 11, 3), time(13, 30), "Anschrift in den Datenschutz", "jonas", "Berichtigt."),
        Plan(tuesday(y, 11, 3), time(14, 0), winter, ("youtube", "linkedin", *GUIDE, *BOEBLINGEN)),
        Reopen(tuesday(y, 11, 10), time(9, 40), "Abschiedsbeitrag und Verweis", "katrin",
               "Der Verweis führt noch auf die alte Anmeldeseite des Newsletters."),
        Finish(tuesday(y, 11, 10), time(16, 5), "Abschiedsbeitrag und Verweis", "jonas", "Verweis berichtigt."),
        Move(tuesday(y, 11, 17), time(11, 10), "Themenplan mit der Hauptgeschäftsstelle", "martin", tuesday(y, 12, 15),
             "Die Hauptgeschäftsstelle kann erst nach ihrer Klausur Anfang Dezember antworten."),
        Prepare(tuesday(y, 11, 17), time(15, 45), winter, "azubi-youtube", K, REMARK,
                "Produktion je Video weiterhin 14 Std.; Vorschlag: Videos nur noch zu den Prüfungsterminen.", "ayse"),
        Close(
            winter,
            time(16, 40),
            winter,
            said={"azubi-youtube": {K: (REMARK, "Produktion je Video 14 Std.; künftig nur zu den Prüfungsterminen.")}},
        ),
    ]  # fmt: skip
