"""The words of data protection in plain language, each with the article that defines it."""

from django.utils.translation import gettext_lazy as _

ENTRIES = (
    (
        _("Personal data"),
        _("Any information about a person who can be told from it, alone or with other things."),
        "GDPR Art. 4(1)",
    ),
    (
        _("Special categories"),
        _("Data about health, beliefs, origin and the like, which may hardly ever be used."),
        "GDPR Art. 9(1)",
    ),
    (
        _("Processing"),
        _("Whatever is done with data: collecting, storing, reading, passing on, erasing."),
        "GDPR Art. 4(2)",
    ),
    (_("Data subject"), _("The person whom the data are about: you."), "GDPR Art. 4(1)"),
    (
        _("Controller"),
        _("Who decides why and how data are processed, and answers for it."),
        "GDPR Art. 4(7)",
    ),
    (
        _("Processor"),
        _("Who processes data for the controller, under an agreement, and for nothing else."),
        "GDPR Art. 4(8)",
    ),
    (
        _("Recipient"),
        _("Anybody outside to whom data are passed on."),
        "GDPR Art. 4(9)",
    ),
    (
        _("Legal basis"),
        _(
            "What allows the processing: consent, a contract, a duty of law, a vital interest, a "
            "public task or a legitimate interest."
        ),
        "GDPR Art. 6(1)",
    ),
    (
        _("Consent"),
        _("A yes given freely, to one purpose, which can be taken back as easily as it was given."),
        "GDPR Art. 4(11), 7",
    ),
    (
        _("Legitimate interest"),
        _(
            "An interest of the controller or of somebody else that weighs more than yours; you "
            "may object."
        ),
        "GDPR Art. 6(1)(f), 21",
    ),
    (
        _("Purpose"),
        _("What data are processed for. Where there is no purpose, the service has no such part."),
        "GDPR Art. 5(1)(b)",
    ),
    (
        _("Retention"),
        _("How long data are kept: not longer than promised, not shorter than the law demands."),
        "GDPR Art. 5(1)(e)",
    ),
    (
        _("Restriction"),
        _("Data are only stored: nobody reads or uses them until it ends."),
        "GDPR Art. 4(3), 18",
    ),
    (_("Erasure"), _("Data are destroyed, so that nobody can read them again."), "GDPR Art. 17"),
    (
        _("Rectification"),
        _("Wrong data are put right, and those who received them are told."),
        "GDPR Art. 16, 19",
    ),
    (
        _("Access"),
        _("You are told what is held about you, and receive a copy."),
        "GDPR Art. 15",
    ),
    (
        _("Portability"),
        _("You receive what you gave, in a form that another service can read."),
        "GDPR Art. 20",
    ),
    (
        _("Objection"),
        _("You say no to processing for a legitimate interest, or to offers."),
        "GDPR Art. 21",
    ),
    (
        _("Transfer"),
        _("Data leave the European Economic Area, where other law holds."),
        "GDPR Art. 44",
    ),
    (
        _("Profiling"),
        _("Data are used to judge or foretell what a person is like or will do."),
        "GDPR Art. 4(4)",
    ),
    (
        _("Pseudonymous"),
        _("A person can be told only with something that is kept apart."),
        "GDPR Art. 4(5)",
    ),
    (
        _("Supervisory authority"),
        _("The office of your country to which you can complain."),
        "GDPR Art. 51, 77",
    ),
    (
        _("Breach"),
        _("Data were lost, changed, or seen by somebody who should not have seen them."),
        "GDPR Art. 4(12)",
    ),
)
