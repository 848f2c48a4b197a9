"""What is asked, answered and to be done in the demo, by language."""

WORDS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "en": (
        ("service", "When does the next course begin?", "On the first Monday of next month."),
        ("fault", "The video of lesson 3 stops after a minute.", "We mended it; please try again."),
        ("privacy", "What do you hold about me?", "You find it in your account under “Your data”."),
        ("refund", "I paid twice by mistake.", "The second payment is on its way back."),
        ("dispute", "The terms I see differ from the offer.", "You are right; the offer counts."),
        ("other", "May I use your material in my lessons?", "Yes, with our name beside it."),
    ),
    "lv": (
        ("service", "Kad sākas nākamais kurss?", "Nākamā mēneša pirmajā pirmdienā."),
        ("fault", "Trešās nodarbības video pēc minūtes apstājas.", "Salabojām, mēģiniet vēlreiz."),
        ("privacy", "Kādus datus par mani glabājat?", "Tos redzat savā kontā."),
        ("refund", "Nejauši samaksāju divreiz.", "Otrais maksājums tiks atmaksāts."),
        ("dispute", "Noteikumi atšķiras no piedāvājuma.", "Jums taisnība, spēkā ir piedāvājums."),
        ("other", "Vai drīkstu izmantot jūsu materiālus stundās?", "Jā, norādot autoru."),
    ),
    "lt": (
        ("service", "Kada prasideda kitas kursas?", "Pirmąjį kito mėnesio pirmadienį."),
        ("fault", "Trečios pamokos vaizdo įrašas sustoja.", "Sutaisėme, bandykite dar kartą."),
        ("privacy", "Kokius duomenis apie mane saugote?", "Juos matote savo paskyroje."),
        ("refund", "Per klaidą sumokėjau du kartus.", "Antrasis mokėjimas bus grąžintas."),
        ("dispute", "Sąlygos skiriasi nuo pasiūlymo.", "Jūs teisūs, galioja pasiūlymas."),
        ("other", "Ar galiu naudoti jūsų medžiagą pamokose?", "Taip, nurodydami autorių."),
    ),
    "et": (
        ("service", "Millal algab järgmine kursus?", "Järgmise kuu esimesel esmaspäeval."),
        ("fault", "Kolmanda tunni video jääb seisma.", "Parandasime ära, proovige uuesti."),
        ("privacy", "Milliseid andmeid minu kohta hoiate?", "Näete neid oma kontol."),
        ("refund", "Maksin kogemata kaks korda.", "Teine makse on teel tagasi."),
        ("dispute", "Tingimused erinevad pakkumisest.", "Teil on õigus, kehtib pakkumine."),
        ("other", "Kas tohin teie materjale tunnis kasutada?", "Jah, viidates autorile."),
    ),
    "sv": (
        ("service", "När börjar nästa kurs?", "Första måndagen i nästa månad."),
        ("fault", "Filmen i lektion 3 stannar efter en minut.", "Det är lagat, försök igen."),
        ("privacy", "Vilka uppgifter har ni om mig?", "Du ser dem i ditt konto."),
        ("refund", "Jag betalade två gånger av misstag.", "Den andra betalningen återbetalas."),
        ("dispute", "Villkoren skiljer sig från offerten.", "Du har rätt, offerten gäller."),
        ("other", "Får jag använda ert material i mina lektioner?", "Ja, med källan angiven."),
    ),
}

TASKS = {
    "en": "Send the list of courses.",
    "lv": "Nosūtīt kursu sarakstu.",
    "lt": "Išsiųsti kursų sąrašą.",
    "et": "Saata kursuste nimekiri.",
    "sv": "Skicka kurslistan.",
}
