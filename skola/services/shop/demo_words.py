"""What the shop of the demo says, in the language in which a tenant's terms bind."""

TERMS = {
    "en": "A seat opens the course to one person, from the day of the order until the day that the "
    "order names.\n\nA seat is personal: who has taken it keeps it. Seats that nobody took stay "
    "with whoever ordered them.\n\nWe may change a course to keep it right. Its price does not "
    "change for those who have ordered it.",
    "lv": "Vieta atver kursu vienai personai no pasūtījuma dienas līdz pasūtījumā norādītajai "
    "dienai.\n\nVieta ir personiska: kas to ieņēmis, tas to patur. Vietas, kuras neviens nav "
    "ieņēmis, paliek pasūtītājam.\n\nKursu drīkstam mainīt, lai tas būtu pareizs. Tiem, kas jau "
    "pasūtījuši, cena nemainās.",
    "lt": "Vieta atveria kursą vienam žmogui nuo užsakymo dienos iki užsakyme nurodytos dienos.\n\n"
    "Vieta yra asmeninė: kas ją užėmė, tam ji ir lieka. Neužimtos vietos lieka užsakovui.\n\n"
    "Kursą galime keisti, kad jis būtų teisingas. Jau užsakiusiems kaina nesikeičia.",
    "sv": "En plats öppnar kursen för en person, från dagen för beställningen till den dag som "
    "anges i den.\n\nEn plats är personlig: den som tagit den behåller den. Platser som ingen "
    "tagit finns kvar hos den som beställde.\n\nVi får ändra en kurs för att den ska vara "
    "riktig. Priset ändras inte för den som redan har beställt.",
}
REFUNDS = {
    "en": "You get your money back within 14 days of the order if fewer than half of the lessons "
    "are done.\n\nLater we decide case by case, and tell you why.",
    "lv": "Naudu atmaksājam 14 dienu laikā no pasūtījuma, ja pabeigts mazāk nekā puse nodarbību."
    "\n\nVēlāk lemjam par katru gadījumu atsevišķi un paskaidrojam iemeslu.",
    "lt": "Pinigus grąžiname per 14 dienų nuo užsakymo, jei baigta mažiau nei pusė pamokų."
    "\n\nVėliau sprendžiame kiekvieną atvejį atskirai ir paaiškiname kodėl.",
    "sv": "Du får pengarna tillbaka inom 14 dagar från beställningen om färre än hälften av "
    "lektionerna är klara.\n\nDärefter avgör vi från fall till fall och säger varför.",
}
ABOUT = {
    "en": "One seat, all lessons and exercises, and a year to take your time.",
    "lv": "Viena vieta, visas nodarbības un uzdevumi, un gads laika mācībām.",
    "lt": "Viena vieta, visos pamokos ir užduotys ir metai laiko mokytis.",
    "sv": "En plats, alla lektioner och övningar, och ett år att ta det lugnt.",
}
REASON = {
    "en": "We ordered for three people, and two of them have left the company.",
    "lv": "Pasūtījām trim cilvēkiem, bet divi no viņiem uzņēmumā vairs nestrādā.",
    "lt": "Užsakėme trims žmonėms, o du iš jų įmonėje nebedirba.",
    "sv": "Vi beställde för tre personer, och två av dem har slutat.",
}
HEADLINES = {
    "en": "Learn it in an evening, use it for years",
    "lv": "Iemācīties vienā vakarā, izmantot gadiem",
    "lt": "Išmokti per vieną vakarą, naudoti ne vienus metus",
    "sv": "Lär dig på en kväll, ha nytta av det i åratal",
}
PITCHES = {
    "en": "For everybody who would rather **try** than read.\n\n- short lessons, when you like\n"
    "- on the phone as well\n- a seat for a colleague is ordered with the same form",
    "lv": "Visiem, kas labprātāk **pamēģina**, nevis lasa.\n\n- īsas nodarbības, kad vien gribat\n"
    "- arī tālrunī\n- vietu kolēģim pasūta ar to pašu veidlapu",
    "lt": "Visiems, kas mieliau **išbando**, nei skaito.\n\n- trumpos pamokos, kada tik norite\n"
    "- ir telefone\n- vieta kolegai užsakoma ta pačia forma",
    "sv": "För alla som hellre **prövar** än läser.\n\n- korta lektioner, när du vill\n"
    "- också i telefonen\n- en plats för en kollega beställs med samma formulär",
}
