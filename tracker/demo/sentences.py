"""What the demo's editorial team says about each channel when nothing is the matter: German, as minutes are.

Sentences rotate from meeting to meeting; one that comes up again is ticked as unchanged.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Spoken:
    """A channel as the concept knows it, and sentences for its three criteria."""

    unit: str
    platform: str
    name: str
    cost_benefit: tuple[str, ...]
    legality: tuple[str, ...]
    strategy: tuple[str, ...]


CHANNELS: Mapping[str, Spoken] = {
    "facebook": Spoken(
        "gesamtkammer",
        "Facebook",
        "IHK Region Stuttgart",
        (
            "Aufwand 8 Std. je Monat, Interaktionen leicht gestiegen.",
            "Aufwand stabil; Veranstaltungshinweise werden am häufigsten geteilt.",
            "Aufwand 8 Std. je Monat, 42 Anfragen an den Service weitergeleitet.",
        ),
        (
            "Impressum und Datenschutzhinweise erreichbar.",
            "Anbieter im Impressum genannt, keine Plugins auf der Website.",
        ),
        ("Zielgruppe wird erreicht.", "Mitgliedsbetriebe und Medien reagieren; Ausrichtung bleibt."),
    ),
    "instagram": Spoken(
        "gesamtkammer",
        "Instagram",
        "IHK Region Stuttgart",
        (
            "Aufwand angemessen.",
            "Aufwand 10 Std. je Monat, Reichweite um 12 % gestiegen.",
            "Aufwand 10 Std. je Monat; Bildmaterial wird mehrfach verwendet.",
        ),
        ("Alle Zusagen eingehalten.", "Bildrechte für alle Beiträge des Quartals dokumentiert."),
        ("Bildsprache passt zur Marke.", "Gründerinnen und Gründer sind die aktivste Gruppe."),
    ),
    "twitter": Spoken(
        "gesamtkammer",
        "Twitter",
        "IHK Region Stuttgart",
        (
            "Aufwand 9 Std. je Monat, Pressemitteilungen werden aufgegriffen.",
            "Aufwand 10 Std. je Monat, Reichweite gleichbleibend.",
        ),
        ("Netiquette verlinkt, Impressum erreichbar.", "Anbieter im Impressum genannt; keine Beschwerden."),
        ("Medien und Verbände lesen mit.", "Als Pressekanal weiterhin brauchbar."),
    ),
    "youtube": Spoken(
        "gesamtkammer",
        "YouTube",
        "IHK Region Stuttgart",
        (
            "Einbindung in die Website spart doppelte Pflege.",
            "Zwei Videos im Quartal, Produktion im Haus; Aufwand vertretbar.",
        ),
        (
            "Untertitel in allen neuen Videos.",
            "Einbindung über die Zwei-Klick-Lösung, Einwilligungen liegen vor.",
        ),
        ("Auffindbar, barrierefrei eingebunden.", "Erklärvideos werden über Suchmaschinen gefunden."),
    ),
    "linkedin": Spoken(
        "gesamtkammer",
        "LinkedIn",
        "IHK Region Stuttgart",
        (
            "Aufwand 9 Std. je Monat, 31 Anfragen beantwortet.",
            "Aufwand 9 Std. je Monat, 540 neue Kontakte.",
            "Kosten und Nutzen im Verhältnis; keine Anzeigen geschaltet.",
        ),
        ("Alle Zusagen eingehalten.", "Impressum erreichbar, Einzelanfragen auf E-Mail verwiesen."),
        ("Internationale Themen werden angenommen.", "Außenwirtschaft erreicht ihre Zielgruppe."),
    ),
    "xing": Spoken(
        "gesamtkammer",
        "XING",
        "IHK Region Stuttgart",
        ("3 Bewerbungen über den Kanal.", "Aufwand 2 Std. je Monat, eine Bewerbung im Quartal."),
        ("Impressum und Datenschutzhinweise erreichbar.",),
        ("Arbeitgebermarke gut dargestellt.",),
    ),
    "azubi-instagram": Spoken(
        "bildungshaus",
        "Instagram",
        "IHK-Azubi-Guide",
        (
            "Höchste Interaktion aller Kanäle.",
            "Aufwand 14 Std. je Monat; Prüfungsfragen an die Hotline gehen zurück.",
        ),
        (
            "Einwilligungen für Fotos liegen vor.",
            "Keine personenbezogenen Daten in Direktnachrichten erhoben.",
        ),
        ("Auszubildende werden erreicht.", "Themenplan bis zu den Abschlussprüfungen steht."),
    ),
    "azubi-youtube": Spoken(
        "bildungshaus",
        "YouTube",
        "IHK-Azubi-Guide",
        (
            "Parallele Verwertung der Kurzvideos, kaum Mehraufwand.",
            "Vier Videos im Quartal, 510 Aufrufe im Mittel.",
        ),
        ("Untertitel vorhanden.", "Einwilligungen der Mitwirkenden liegen vor."),
        ("Parallele Verbreitung läuft.", "Ergänzt den Instagram-Auftritt sinnvoll."),
    ),
    "boeblingen-facebook": Spoken(
        "boeblingen",
        "Facebook",
        "IHK-Bezirkskammer Böblingen",
        ("Aufwand 4 Std. je Monat.", "Aufwand 4 Std. je Monat, Veranstaltungen gut nachgefragt."),
        ("Impressum geprüft.", "Impressum und Datenschutzhinweise erreichbar."),
        ("Bindung im Landkreis gegeben.", "Politik und Verbände im Landkreis folgen."),
    ),
    "boeblingen-instagram": Spoken(
        "boeblingen",
        "Instagram",
        "IHK-Bezirkskammer Böblingen",
        ("Inhalte von Facebook übernommen, wenig Mehraufwand.", "Aufwand 3 Std. je Monat."),
        ("Alle Zusagen eingehalten.", "Impressum über das Profil erreichbar."),
        ("Lokale Geschichten funktionieren.", "Betriebsbesuche kommen gut an."),
    ),
    "goeppingen-linkedin": Spoken(
        "goeppingen",
        "LinkedIn",
        "IHK-Bezirkskammer Göppingen",
        ("Aufwand 5 Std. je Monat.", "Aufwand 5 Std. je Monat, 12 Anfragen zur Berufsbildung."),
        ("Alle Zusagen eingehalten.", "Einzelanfragen werden auf Telefon und E-Mail verwiesen."),
        ("Netzwerkveranstaltungen gut besucht.", "Firmenjubiläen werden im Landkreis geteilt."),
    ),
}

GUIDE = ("azubi-instagram", "azubi-youtube")
BOEBLINGEN = ("boeblingen-facebook", "boeblingen-instagram")
