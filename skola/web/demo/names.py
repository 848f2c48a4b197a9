"""Given and family names of four countries. Invented people are put together from them by chance."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Names:
    """Given names and family names for women and for men; in Latvia and Lithuania these differ."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    women_family: tuple[str, ...]
    men_family: tuple[str, ...]

    def draw(self, chance: Random) -> tuple[str, str]:
        """Return a given and a family name that go together."""
        if chance.random() < 0.52:
            return chance.choice(self.women), chance.choice(self.women_family)
        return chance.choice(self.men), chance.choice(self.men_family)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ESTONIAN_FAMILY = _words(
    "Tamm Saar Sepp Mägi Kask Kukk Rebane Ilves Pärn Koppel Luik Kaasik Oja Raudsepp Kuusk Vaher Lepik"
    " Kivi Põder Kallas Mets Lõhmus Laas Roos Allik Sild Kangur Pihlak Toom Arro Nõmm Paju Rand Soo"
)
_SWEDISH_FAMILY = _words(
    "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson"
    " Jonsson Lindberg Lindström Bergman Sandberg Forsberg Sjöberg Ekström Nyström Holm Åkesson Öberg"
    " Dahlgren Wallin Hedlund Söderström Norberg Blom Ström Hellström Björk"
)

LV = Names(
    women=_words(
        "Anna Ilze Inese Kristīne Līga Laura Elīna Zane Dace Ieva Sanita Māra Agnese Evija Baiba Rūta"
        " Sandra Gunta Liene Madara Santa Vita Daiga Aija Ilona Signe Paula Elza Marta Emīlija Keita"
    ),
    men=_words(
        "Jānis Andris Juris Edgars Māris Mārtiņš Kristaps Artūrs Aivars Guntis Raivis Kaspars Normunds"
        " Ivars Uldis Gatis Toms Rihards Roberts Valdis Ainārs Oskars Gustavs Rolands Emīls Ralfs"
    ),
    women_family=_words(
        "Bērziņa Kalniņa Ozoliņa Liepiņa Jansone Krūmiņa Balode Eglīte Zariņa Pētersone Vītola Kļaviņa"
        " Kārkliņa Vanaga Siliņa Ziediņa Lāce Grīnberga Rudzīte Apine Puķīte Zvirbule Dzene Rozīte Auziņa"
    ),
    men_family=_words(
        "Bērziņš Kalniņš Ozoliņš Liepiņš Jansons Krūmiņš Balodis Eglītis Zariņš Pētersons Vītols Kļaviņš"
        " Kārkliņš Vanags Siliņš Ziediņš Lācis Grīnbergs Rudzītis Apinis Puķītis Zvirbulis Dzenis Auziņš"
    ),
)
LT = Names(
    women=_words(
        "Eglė Rasa Jurgita Aušra Gintarė Ieva Laura Rūta Milda Kristina Inga Vaida Asta Daiva Indrė"
        " Agnė Monika Živilė Lina Neringa Jolanta Viktorija Ugnė Goda Austėja Emilija Kotryna Saulė"
    ),
    men=_words(
        "Jonas Tomas Mantas Darius Andrius Marius Rokas Lukas Paulius Mindaugas Vytautas Gediminas"
        " Justinas Karolis Domantas Linas Saulius Arūnas Giedrius Simonas Matas Dominykas Kęstutis"
    ),
    women_family=_words(
        "Kazlauskienė Petrauskaitė Jankauskienė Stankevičienė Butkutė Žukauskienė Paulauskaitė"
        " Urbonienė Navickaitė Ramanauskienė Savickaitė Mickutė Rimkutė Kavaliauskienė Šimkutė Gailiūtė"
    ),
    men_family=_words(
        "Kazlauskas Petrauskas Jankauskas Stankevičius Butkus Žukauskas Paulauskas Urbonas Navickas"
        " Ramanauskas Savickas Mickus Rimkus Kavaliauskas Šimkus Gailius Vaitkus Balčiūnas"
    ),
)
EE = Names(
    women=_words(
        "Katrin Kadri Liis Piret Maarja Triin Anneli Kersti Merle Kristi Helen Eve Tiina Signe Laura"
        " Mari Getter Eliise Hanna Johanna Lisandra Mirtel Sirje Ülle Riina Kaia Annika Kärt"
    ),
    men=_words(
        "Martin Andres Rain Margus Priit Tanel Siim Kristjan Rasmus Toomas Urmas Jaan Mihkel Karl Madis"
        " Taavi Indrek Marko Henri Oliver Robin Hugo Sander Kaarel Ott Tarmo Peeter Rein"
    ),
    women_family=_ESTONIAN_FAMILY,
    men_family=_ESTONIAN_FAMILY,
)
SE = Names(
    women=_words(
        "Anna Emma Elin Sara Ida Maja Linnea Karin Åsa Ingrid Lena Ulrika Jenny Malin Sofia Hanna"
        " Frida Ebba Wilma Alva Märta Astrid Saga Kerstin Annika Petra Helena Camilla"
    ),
    men=_words(
        "Erik Lars Johan Anders Oskar Nils Gustav Axel Viktor Björn Henrik Magnus Fredrik Emil Hugo"
        " Elias Jonas Mattias Per Sven Göran Håkan Östen Ludvig Albin Simon Daniel Robin"
    ),
    women_family=_SWEDISH_FAMILY,
    men_family=_SWEDISH_FAMILY,
)
