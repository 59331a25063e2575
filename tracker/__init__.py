"""Keeps a published social-media concept honest: what was promised to be reviewed, and what was.

The legend of this tree, from the roof down. Folders are rooms, except the doors `commands` and `demo` and the two
floors `models` and `rules`; single files are plumbing. Nothing imports what stands above it; rooms never import each
other.

    app          create_app(): read it top to bottom
    commands/    the flask commands, one file a subject
    frame        what stands around every page: menu, errors, language switch; away: the database's troubles
    assets       the versions that pages name, and where their signs are
    form_words   what every form says to input that is no day, no time, none of the list
    server       web and timetable in one process, for one machine; starting: what must not be when pages are served
    scheduler    the timetable: which job runs when; also alone, as its own process
    demo/        two believable years on the example concept, made through the changes the pages use
    making       what takes long, files and checks, done one after the other
    dossier/     everything an auditor takes home, and what checks it

    board/       are we keeping the promise, what is there to do
    calendar/    one's own private calendar address: meetings and due dates, read by a calendar
    channels/    the register, the life of one channel; explaining a missed slot
    checklist/   what a review asks: its items and prompts, their wordings, where they are asked
    concept/     the concept in versions: taken in, changed, compared, published, written as a file; its gaps
    figures/     what channels cost and bring: entered, uploaded, compared
    help/        guides for editors, managers, auditors; what every word means, counted out by the rules; accessibility
    meetings/    plan, agenda, minutes
    reviews/     log a meeting, close it, correct what was closed
    actions/     what was agreed, by whom, until when
    reminders/   who is told what, when; the outbox's page
    evidence/    the history as rows, years, statement and files; the journal, the access log, checking it all
    retention/   what is replaced or erased after so many years
    people/      accounts, roles, limits to units
    account/     what the installation knows of the person signed in; their private tokens; signing in and its limits

    admitting    scripts and calendars, which come without a session
    guard        closed by default: who may do what; headers: those of every answer
    access_log   note() a sign-in or a refusal, apart from the journal; attempts: how often was what tried
    accounts     whose account holds today, and who can be told
    second_factor  who has one, whose role asks for one; factors: how codes and passkeys are looked at
    tokens       private tokens of scripts: found, made, revoked
    account_mail invitations and links for a new password; passwords: which are taken
    freshness    who must prove again who they are; first_person: the address that makes the first account
    unsent       what was posted too late, ready to be sent again
    taking_home  a listing (columns, rows) as a file: csv_file, json_file, xlsx_file; noted before the first byte
    exports      work in the background: asked for, claimed, kept; steps: how long work says how far it is
    outbox       put() a mail, deliver() what waits; transport: how it leaves the house; calendar_file: entries
    standings    every channel's slots and standing, from one query a table; histories: ledgers that channels share
    matrix       channels against the slots of a year; narrowing: many channels, filtered and in pages;
                 year_words: the three readings of a year in words; health: what is ill, and what to do
    in_words     reviews and heads as the journal tells them
    obligations  begin, end, change what is owed
    asking       begin, reword, end what reviews ask; checks: what they ask on a day, and answered last
    answers      what is said of the questions a review answered
    concept_news what of the concept changed since legality was rated
    known_figures  the figures that hold; trends and chart draw them
    engine       the heartbeat of the reminders; backup: copies of the installation, made and taken
                 back; database_copy: of the database alone
    journal      note(): one entry for one change, in the same transaction; the hash chain
    language     which language, and the words, dates and numbers in it; column_words: columns of names and texts
    models/      what is remembered, and the locks on what is closed
    catalogue    the translations, looked for once a language
    clock        the only file that asks the time
    extensions   the libraries, made here, bound in app; small: what travels compressed
    settings     every setting with its default; secret_files: the keys of an installation
    rules/       what the concept promises, as pure functions (docs/promise.md)

    static/, translations/
"""
