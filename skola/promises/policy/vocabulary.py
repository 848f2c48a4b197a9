"""The words a policy may use for what the software knows: data, events, states, capabilities.

A policy names purposes, subjects and recipients freely. What it says about *data* and *time* must
use these words, because code stands behind each of them. ``skola policy words`` prints them.
"""

CATEGORIES = {
    "identity": "name, birth date, personal code, identity check",
    "contact": "e-mail, phone, postal address",
    "credentials": "passwords (hashed), second factors, sessions",
    "preferences": "language, contrast, text size, notification choices",
    "contract": "applications, contracts, orders, licences",
    "oral_contract": "recordings and notes that prove an oral contract",
    "accounting": "invoices, payments, debts, refunds",
    "credit": "creditworthiness, debts, financial standing",
    "learning": "enrolments, progress, attempts, results",
    "authored": "courses and lessons a person wrote",
    "study": "marks, absences, homework, behaviour: the school's record",
    "education_document": "certificates, diplomas and their register",
    "employment": "employer, position, place in the organisation",
    "signature": "signed briefings and their evidence",
    "exam_video": "webcam and screen recording of a supervised exam",
    "call_recording": "recordings of calls, voicemail",
    "call_log": "numbers and times of calls",
    "enquiry": "enquiries, fault reports, chats, and their answers",
    "support": "applications, objections, complaints, notes of staff",
    "candidate": "applications for a job, CV, letters, references",
    "correspondence": "messages between people of the service",
    "publication": "testimonials, and posts of a school",
    "discussion": "topics, comments and chat of forums, and the name under them",
    "survey": "answers to surveys",
    "risk_survey": "answers of customers to surveys about a risk",
    "segments": "interests, segments, profiles",
    "habits": "how often services are used, what is wished of them, complaints about them",
    "marketing": "newsletter addresses, campaign history, suppression",
    "reactions": "that a mailing was opened, or a link in it used",
    "consent": "consents and withdrawals with their proof",
    "usage": "page visits, actions, device data, IP address",
    "security_log": "sign-ins, failed sign-ins, permission changes",
    "audit": "pseudonymous entries of the audit log",
    "footage": "video surveillance of premises, visitor log",
    "decision": "automated decisions with their inputs",
    "referral": "name and address of a referred friend",
    "own_field": "answers to fields that a client organisation made for its own people",
    "client_data": "data that a client organisation keeps about its own people",
    "special": "special categories of GDPR Art. 9",
    "statistics": "numbers from which nobody can be recognised",
}

EVENTS = {
    "record.created": "the record was made (known for every kind of data)",
    "account.created": "the person signed up or was enrolled",
    "account.last_action": "the last thing the person did while signed in",
    "account.login": "the last sign-in",
    "account.closed": "the account was closed by its owner or by staff",
    "account.found_inaccurate": "a registration was found to be false",
    "account.found_minor": "the person was found to be a minor without a verified guardian",
    "contract.opened": "a contract began",
    "contract.closed": "the last contract of the person ended",
    "contract.oral_closed": "the contract that this record proves ended",
    "client.ended": "the relation with a client (person or organisation) ended",
    "licence.ended": "a licence or subscription ran out",
    "invoice.issued": "an invoice was issued",
    "fiscal_year.end": "the end of the financial year in which the record was made",
    "claim.closed": "a claim or dispute was settled",
    "objection.closed": "an objection was decided",
    "purpose.reached": "what the data were given for is done",
    "audit.performed": "the audited act took place",
    "call.recorded": "a call was recorded, or a voicemail left",
    "call.made": "a call took place",
    "exam.finished": "an exam attempt ended",
    "exam.setting": "the end of the term that an exam sets, and that the candidate was told before",
    "school.contract": "the end of the term that the school's contract sets for the school year",
    "task.assigned": "the person assigned a task to somebody",
    "task.completed": "the person completed a task",
    "any_action": "any other act of the person in the service",
    "enquiry.received": "an enquiry arrived",
    "enquiry.last_message": "the last message in an enquiry",
    "enquiry.closed": "an enquiry was answered and closed",
    "application.received": "an application for a job arrived",
    "selection.closed": "the selection for a job ended",
    "selection.latest": "the latest closing date that a vacancy was published with",
    "document.issued": "an education document was issued",
    "consent.withdrawn": "consent was withdrawn",
    "study.year_end": "the school year of the record ended",
    "pupil.left": "the pupil left the school",
    "page.visited": "a page was opened",
    "message.sent": "a message was sent",
    "survey.closed": "a survey was closed",
    "minor.reported": "a child was reported",
    "ground.ended": "nothing was found any more for which what is held of the person is needed",
    "erasure.granted": "the person asked for erasure, and it was granted",
    "own_field.term_ended": "the term is over that stands beside a client's own field",
    "footage.recorded": "footage was recorded, or a visit registered",
}

STATES = {
    "always": "never ends by itself",
    "account.open": "the person has an account that is not closed",
    "contract.open": "the person has a contract that runs",
    "contract.oral_open": "the oral contract that this record proves runs",
    "client.active": "the person or their organisation is a client",
    "licence.active": "a licence or subscription runs",
    "enrolment.active": "the person is enrolled at the school or in a course",
    "employment.active": "the person works for the client organisation",
    "duty:accounting": "the law of accounting demands the record",
    "duty:archive": "the law of archives or education demands the record",
    "claim.open": "a claim or dispute is open",
    "objection.open": "an objection is not decided",
    "request.open": "a rights request is not answered",
    "exam.contestable": "the result of the exam may be contested",
    "enquiry.open": "the enquiry is not closed",
    "contact.ongoing": "the contact with the enquirer goes on",
    "selection.open": "the selection for the job is not closed",
    "survey.open": "the survey runs",
    "event.ahead": "the person is registered for an event that is not over",
    "consent": "written ``consent:PURPOSE``: a consent to that purpose is live",
}

CONDITIONS = {
    "contract.oral": "the recording holds an oral agreement or application",
    "line.announced": "the line tells callers that it records",
    "callee.consultant": "the call was with a consultant or order-taker",
    "minor.unverified": "the person is a minor without a verified guardian",
    "registration.false": "the registration was found to be false",
    "exam.setting": "the exam sets a term of its own, and the candidate was told of it before",
    "school.contract": "the school's contract sets a term of its own for the school year",
}

BY_CONTRACT = {"school.contract": "study.year_end"}
"""Conditions that are true where a contract sets a term, and from which event it counts."""

CAPABILITIES = {
    "account.sign_up": "anybody can open an account",
    "account.invited": "accounts are opened by staff, an employer or a school",
    "courses.catalogue": "a public catalogue of courses",
    "courses.take": "people enrol, learn, resume, see their progress",
    "courses.tags": "tags of courses and whether they are useful, counted without people",
    "courses.author": "staff with the author role make courses",
    "courses.author.self": "every signed-up person makes courses",
    "access.emergency": "staff reach somebody in an emergency, with a reason and a review",
    "billing.contracts": "contracts as records, shown in the account",
    "billing.identity": "a contract is concluded only with somebody whose identity was verified",
    "billing.invoices": "invoices as records, shown in the account",
    "customers.relation": "since when somebody is a customer, and under which terms",
    "services.catalogue": "a catalogue with a tariff; functions and fees follow contracts",
    "desk.enquiries": "a public contact form and a desk that answers",
    "desk.calls": "a register of recorded calls",
    "hiring.vacancies": "vacancies, applications, selection",
    "exams.supervised": "exams under webcam",
    "exams.network": "candidates go to an examination network, results come back",
    "diary.school": "timetable, marks, absences, homework",
    "archive.years": "school years that are over are packed for an archive service",
    "workforce.briefings": "assigned training and signed briefings",
    "groups.training": "training groups with dates and trainers",
    "groups.live": "live lessons: what a group that meets says to each other at once",
    "documents.education": "education documents with a public check page",
    "academy.client": "client organisations run an academy of their own",
    "academy.own": "the tenant is such an academy: brand, agreement, the operator let in",
    "academy.fields": "an academy asks its people in fields of its own, each with purpose and term",
    "papers.register": "a register of what is kept on paper: where it stands, when it goes",
    "upkeep.works": "planned works and interruptions, told to who holds the service",
    "staff.practice": "roles of the staff with approval, review and training; internal guidelines",
    "staff.undertaking": "the staff signs an undertaking of confidentiality before a role opens",
    "runs.hold": "runs of a course: participants, mails by rule, who is behind",
    "shop.orders": "orders and payment",
    "notices.reach": "notices by the first channel that reaches their person, an inbox, devices",
    "messages.internal": "messages between people of the service",
    "newsletters.send": "newsletters and offers",
    "surveys.run": "surveys",
    "companies.register": "companies and who represents them, found in public sources",
    "events.hold": "events for which people register, with an account or without",
    "surveys.follow_up": "who answers a survey may leave an address to be contacted about it",
    "surveys.risk": "customers are asked about a risk of the register",
    "community.boards": "posts of a school, for readers whom it designates",
    "forums.open": "boards, a blog with comments and chat rooms, for everybody or for accounts",
    "forums.courses": "boards and chat of a course, for who takes and makes it",
    "referral.invite": "invite a friend without storing anything",
    "testimonials.publish": "testimonials on the public site",
    "premises.register": "visitors and video surveillance",
    "decisions.automated": "decisions without a person",
    "decisions.applications": "people apply for a contract, and it is decided",
    "statistics.publish": "summary statements without names",
    "rights.requests": "requests by data subjects",
    "analytics.own": "statistics of visits, measured by ourselves",
    "habits.study": "how often services are used, what is wished, and a register of complaints",
    "site.faults": "errors of the service, kept without what was entered",
    "interests.own": "what somebody looked at decides what they are shown first; on consent only",
    "support.chat": "a visitor or user talks to somebody of the staff at once",
    "social.sign_in": "sign-in with an outside account",
    "social.share": "sharing of what was achieved at an outside network",
    "recordings.review": "staff listen to recordings with a reason",
}
"""Every capability named here can be written in ``purpose.enables``. A capability that no room of
this release offers does nothing yet; ``skola policy check`` says so."""

# ---- closed lists of the schema ----

LANGUAGES = {
    "en": "English",
    "lv": "Latvian",
    "lt": "Lithuanian",
    "et": "Estonian",
    "sv": "Swedish",
}

BASES = {
    "contract": "GDPR Art. 6(1)(b)",
    "legal-obligation": "GDPR Art. 6(1)(c)",
    "vital-interest": "GDPR Art. 6(1)(d)",
    "public-task": "GDPR Art. 6(1)(e)",
    "legitimate-interest": "GDPR Art. 6(1)(f)",
    "consent": "GDPR Art. 6(1)(a)",
}

CLASSES = {
    "hard": "law, legal hold, open rights request: every ceiling gives way",
    "contest": "a result may still be contested",
    "claim": "a claim or dispute",
    "contract": "a running contract",
    "purpose": "any other purpose",
}

ACTIONS = {
    "restrict": "stored only",
    "pseudonymise": "the link to the person is replaced by one nobody can follow",
    "anonymise": "what could tell the person is removed",
    "erase": "removed",
}

BACKSTOP_ACTIONS = {
    "erase": "removed",
    "close": "the open state is closed, and the rule runs on from there",
    "ask": "the officer is asked; without an answer it counts as ended",
}

RIGHTS = {
    "information": "GDPR Art. 13 and 14",
    "access": "GDPR Art. 15",
    "portability": "GDPR Art. 20",
    "rectification": "GDPR Art. 16",
    "erasure": "GDPR Art. 17",
    "restriction": "GDPR Art. 18",
    "objection": "GDPR Art. 21",
    "withdraw-consent": "GDPR Art. 7(3)",
    "complaint": "GDPR Art. 77",
    "review": "GDPR Art. 22(3)",
    "compensation": "GDPR Art. 82",
    "stop-disclosure": "no further passing on to others",
}

CONTACT_KINDS = {
    "data-protection": "questions about personal data",
    "support": "help with the service",
    "billing": "invoices and debts",
    "unsubscribe": "stopping offers",
    "general": "anything else",
}

ROLES = {
    "controller": "decides why and how",
    "processor": "acts for a controller",
    "authority": "a public body",
    "any": "whoever asks (for what is not personal)",
}

STAFF_ROLES = {
    "author": "makes courses",
    "instructor": "leads courses and groups",
    "support": "answers enquiries",
    "finance": "contracts, invoices, payments",
    "recruiter": "selections for jobs",
    "examiner": "supervises and marks exams",
    "reviewer": "listens to recordings, with a reason",
    "officer": "data protection officer",
    "administrator": "people, roles, settings",
    "coordinator": "training groups and documents",
    "analyst": "figures without names",
}

SAFEGUARDS = {
    "adequacy": "GDPR Art. 45",
    "scc": "standard contractual clauses, GDPR Art. 46(2)(c)",
    "bcr": "binding corporate rules, GDPR Art. 47",
    "art49-explicit-consent": "GDPR Art. 49(1)(a), recorded each time",
}

FORMS = {
    "personal": "with the fields of the list",
    "pseudonymous": "without anything that names the person; a random word stands for them",
    "aggregate": "numbers from which nobody can be recognised",
}

PAPERS = {
    "agreement": "an agreement that limits the use: purpose, security, return or erasure",
    "rules": "they accepted the rules of security and confidentiality",
    "organisational": "organisational measures were checked, with evidence",
    "physical": "physical measures were checked, with evidence",
    "technical": "technical measures were checked, with evidence",
    "secrecy": "an agreement of secrecy",
    "approval": "names may go to them, too; somebody decided it",
}
"""What can be on file about a recipient. A processor always needs ``agreement``, and who is outside
the European Economic Area a safeguard."""

TASKS = {
    "archive": "keeps packages of school years, sealed under a key that stays here",
    "bug-reporting": "takes what people report of a problem, scrubbed and shown to them before",
    "card-payments": "takes payments by card on a page of its own",
    "cloud-office": "keeps files, sealed under keys that stay here, and the mail of the staff",
    "contact-register": "keeps contacts of businesses that order (CRM)",
    "customer-relations": "its people see contact data of customers here, while they are let in",
    "debt-collection": "collects debts that reminders did not bring in",
    "error-logging": "is told that the service broke, and where in the software",
    "exam-network": "examines learners whose contract or terms name it, and gives the results",
    "hosting": "its servers are what the service runs on",
    "invoicing": "its people see invoices and who pays them here, while they are let in",
    "joint-offers": "offers something together with the controller",
    "mail-sending": "its servers send the mails of the service",
    "push-notices": "carries notices to people's devices",
    "remote-support": "its people look up one account at a time, while they are let in",
    "text-messages": "carries text messages to people's phones",
    "usage-analysis": "is told how often pages were opened, a number a day",
    "vat-check": "says whether a VAT number is valid",
}
"""What the software itself passes data on for, or lets people of a partner in for: to whoever is
active under an entry so marked."""

SENDS = {
    "address": "to whom a mail goes",
    "browser": "the family of the browser, without its version",
    "day": "the day that a number is of",
    "error": "the class of an error, never its words",
    "method": "how a page was asked for: GET, POST",
    "number": "the number of a mail, by which it is known when it comes back",
    "object": "the random name of a stored file",
    "page": "the page as the site map writes it, without whatever stands for somebody",
    "place": "the module and the function of the software",
    "release": "the version of the software",
    "sealed": "a stored file, encrypted under a key that stays here",
    "sender": "whom a mail is from: the service",
    "service": "the name of the tenant",
    "status": "the number of the answer: 500",
    "subject": "the subject of a mail",
    "text": "the text of a mail",
    "visits": "how often a page was opened, small numbers left out",
    "words": "what somebody wrote of a problem, scrubbed of people",
}
"""What a connector can send besides columns of tables."""

PASSING_NEEDS = {
    "reference": "an order, contract, incident or document that it follows from",
    "law": "the law that demands it",
    "document": "the document that demands it",
    "reasoning": "why whoever demands it says that they need it",
    "balance": "why the interest outweighs those of the person",
    "scope": "which fields are demanded",
    "review": "somebody with knowledge of the law looked at it",
    "approval": "a second person agreed",
    "claim": "a claim file against that same person is open",
    "consent": "the person consented to this recipient, and did not withdraw",
}
"""What a single passing on can have to have on record."""

IDENTIFYING = {
    word: CATEGORIES[word]
    for word in (
        "identity",
        "contact",
        "credentials",
        "signature",
        "exam_video",
        "call_recording",
        "oral_contract",
        "footage",
        "candidate",
        "referral",
    )
}
"""Categories that tell who it is: never in a pseudonymous set."""

ORIGINS = {
    "service-request": "the person asked for a service: an application, an order",
    "survey-answer": "the person answered a survey",
    "conversation": "the person asked or told something: an enquiry, a call, a chat",
    "campaign": "the person answered a campaign, by the address that it names",
    "event": "the person registered for an event",
    "public": "the person was found in a public register or on the web",
}
"""Ways in which people give data of themselves."""

COOKIE_CLASSES = {
    "necessary": "the site does not work without; no consent asked",
    "functional": "remembers choices",
    "performance": "counts and measures",
    "marketing": "shows offers",
}

COOKIE_ROLES = {
    "session": "the session of who is signed in; always named sessionid",
    "csrf": "guards forms against other sites; always named csrftoken",
    "choice": "stores the choice about cookies; the name is the policy's",
    "language": "remembers the language; the name is the policy's",
    "display": "remembers contrast, letters and text size; always named display",
    "chat": "lets the browser of a visitor find their chat again; the name is the policy's",
    "interests": "a random number under which is kept what a browser looked at; the name is the"
    " policy's",
    "analytics": "a number by which an outside provider counts visits; set once it is allowed and"
    " switched on",
    "ads": "what an advertising network is told of a visit by its advertisement",
}

VISIT_FIELDS = {
    "page": "the page, without whatever tells of a person",
    "come_from": "the page before it here, or the host of another site",
    "browser": "the family of the browser, without its version",
    "language": "the language that the browser wishes for",
    "system": "the operating system, without its version",
    "region": "the country of the network; the address itself is never kept",
    "error": "the number of the error that the visitor met",
}

COOKIE_KINDS = {
    "cookie": "a cookie",
    "local-storage": "a key in the browser's storage",
    "beacon": "a counting picture or script",
    "embed": "content of another site, shown in a frame after a click or consent",
}

MESSAGE_KINDS = {
    "service": "about the contract or the service; nobody can refuse it",
    "introduction": "introduces the service, the same to all of a kind; nobody can refuse it",
    "information": "informs about the services; goes where there is a ground, not to who refused",
    "offer": "advertises something; goes where there is a ground, and not to who refused",
    "survey": "asks for an opinion; goes where there is a ground, and not to who refused",
}

MESSAGE_CHANNELS = {
    "email": "a mail",
    "sms": "a text message",
    "phone": "a call by a person",
    "auto-call": "a call by a machine",
    "push": "a notice on a device",
    "post": "a letter",
    "account": "on the first page of who is signed in",
}

KNOWN_BY = {
    "learner": "the role of a learner",
    "author": "the role of an author",
    "instructor": "the role of an instructor",
    "teacher": "the role of a teacher",
    "school": "the role of a school administrator",
    "guardian": "stands for a child, proven",
    "ward": "somebody proven stands for them",
    "anybody": "everybody who is known here",
}

FORMS_ASKED = {
    "enquiry": "the form of an enquiry; what is answered is of the category enquiry",
}

FORMS_WITH_NOTICE = {
    "sign-up": "an account is opened",
    "enquiry": "the contact form, a fault report, the beginning of a chat",
    "application": "an application for a training group",
    "interest": "offers are asked for without an account",
    "campaign": "a campaign is answered",
    "event": "the form of an event",
    "exam-start": "before an exam is recorded",
    "premises-camera": "the page and the sign of a camera",
    "post-feed": "a post of a school is written",
    "boards": "something is written on a board",
    "first-sign-in": "the page that is shown at the first sign-in and after each change",
    "first-sign-in-employee": "the same, for somebody about whom an employer told us",
    "survey-contact": "an address is left to be contacted about a survey",
    "joint-offer": "something is ordered that is offered together with others",
    "call-line": "what the line says before it records, shown to the staff with the calls",
    "first-message": "the first message to who was found in a public source",
}

CHECKS = {
    "audit-log": "entries of the audit can be added, not changed and not removed",
    "backups": "backups are made, and reach back as far as they should",
    "closed-ports": "the database answers on this machine only",
    "cookie-flags": "scripts cannot read the cookie of the session, other sites cannot send it",
    "least-privilege": "the role of the application owns nothing",
    "object-encryption": "a stored file is unreadable without its key",
    "passwords": "passwords are long enough, and kept as Argon2id hashes",
    "row-security": "rows of one tenant are out of reach of every other",
    "second-factor": "codes and passkeys are offered, and staff use them",
    "self-test": "every promise is compared with the data every minute",
    "sign-in-watch": "sign-ins are recorded, and repeated failures slow down",
    "transport": "pages and cookies travel encrypted only",
}

TABLES_SHOWN = {
    "purposes": "why, on which basis, with what data",
    "retention": "how long",
    "cookies": "the cookie register",
    "recipients": "who receives data",
    "processors": "who works for the controller",
    "rights": "what a person may ask for, and by when it is answered",
    "contacts": "where to turn",
    "categories": "which data",
    "changes": "the versions of the policy",
    "transfers": "what leaves the European Economic Area",
}

LAWS = {
    "EU": "European Union: GDPR, ePrivacy, Regulation 1182/71",
    "LV": "Latvia",
    "LT": "Lithuania",
    "EE": "Estonia",
    "SE": "Sweden",
}

CALENDARS = {code: f"working days of {name}" for code, name in LAWS.items() if code != "EU"}
