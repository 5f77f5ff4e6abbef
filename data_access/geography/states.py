"""States and provinces as people write them; GeoNames' own codes follow from each one's chief city at index time.

The package the gazetteer is built from names only the states of the USA, but every place carries GeoNames' code of its
first-level division. So each line here gives a code in use, the names in use, and a city that lies in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """A first-level division, or a region inside one.

    `country` is alpha-2, `code` the short form in use or "", `names` stand best known first.
    """

    country: str
    code: str
    names: tuple[str, ...]
    chief_city: str
    is_region: bool = False


# In these the state is written nearly always, and in a known form: a state that is not theirs is a mistake.
STRICT_COUNTRIES = frozenset({"US", "CA"})

# Written like a state of the country, listed by ISO as countries of their own; also where to look when a place
# is not found in the country itself.
TERRITORIES: dict[str, tuple[str, ...]] = {
    "US": ("PR", "VI", "GU", "AS", "MP"),
    "GB": ("GG", "JE", "IM", "GI"),
    "FR": ("RE", "GP", "MQ", "GF", "YT", "NC", "PF", "PM", "BL", "MF", "WF"),
    "NL": ("CW", "AW", "SX", "BQ"),
    "DK": ("GL", "FO"),
    "FI": ("AX",),
    "NO": ("SJ",),
    "CN": ("HK", "MO"),
    "AU": ("NF", "CX", "CC"),
    "NZ": ("CK", "NU", "TK"),
}

_TABLE = """
CA|AB|Alberta|Calgary
CA|BC|British Columbia|Vancouver
CA|MB|Manitoba|Winnipeg
CA|NB|New Brunswick;Nouveau-Brunswick|Moncton
CA|NL|Newfoundland and Labrador;Newfoundland;Labrador|St. John's
CA|NS|Nova Scotia|Halifax
CA|NT|Northwest Territories|Yellowknife
CA|NU|Nunavut|Iqaluit
CA|ON|Ontario;Ont.|Toronto
CA|PE|Prince Edward Island;PEI|Charlottetown
CA|QC|Quebec;Québec;PQ|Montréal
CA|SK|Saskatchewan|Saskatoon
CA|YT|Yukon;Yukon Territory|Whitehorse
AU|ACT|Australian Capital Territory|Canberra
AU|NSW|New South Wales|Sydney
AU|NT|Northern Territory|Darwin
AU|QLD|Queensland|Brisbane
AU|SA|South Australia|Adelaide
AU|TAS|Tasmania|Hobart
AU|VIC|Victoria|Melbourne
AU|WA|Western Australia|Perth
GB|ENG|England|London
GB|SCT|Scotland|Edinburgh
GB|WLS|Wales;Cymru|Cardiff
GB|NIR|Northern Ireland|Belfast
DE|BW|Baden-Württemberg|Stuttgart
DE|BY|Bavaria;Bayern|Munich
DE|BE|Berlin|Berlin
DE|BB|Brandenburg|Potsdam
DE|HB|Bremen|Bremen
DE|HH|Hamburg|Hamburg
DE|HE|Hesse;Hessen|Frankfurt am Main
DE|MV|Mecklenburg-Vorpommern;Mecklenburg-Western Pomerania|Rostock
DE|NI|Lower Saxony;Niedersachsen|Hannover
DE|NW|North Rhine-Westphalia;Nordrhein-Westfalen;NRW|Köln
DE|RP|Rhineland-Palatinate;Rheinland-Pfalz|Mainz
DE|SL|Saarland|Saarbrücken
DE|SN|Saxony;Sachsen|Leipzig
DE|ST|Saxony-Anhalt;Sachsen-Anhalt|Magdeburg
DE|SH|Schleswig-Holstein|Kiel
DE|TH|Thuringia;Thüringen|Erfurt
AT|1|Burgenland|Eisenstadt
AT|2|Carinthia;Kärnten|Klagenfurt
AT|3|Lower Austria;Niederösterreich|Sankt Pölten
AT|4|Upper Austria;Oberösterreich|Linz
AT|5|Salzburg|Salzburg
AT|6|Styria;Steiermark|Graz
AT|7|Tyrol;Tirol|Innsbruck
AT|8|Vorarlberg|Dornbirn
AT|9|Vienna;Wien|Vienna
CH|AG|Aargau|Aarau
CH|BE|Bern;Berne|Bern
CH|BL|Basel-Landschaft;Baselland|Liestal
CH|BS|Basel-Stadt|Basel
CH|FR|Fribourg;Freiburg|Fribourg
CH|GE|Geneva;Genève;Genf|Genève
CH|GR|Graubünden;Grisons|Chur
CH|LU|Lucerne;Luzern|Luzern
CH|NE|Neuchâtel|Neuchâtel
CH|SG|St. Gallen|St. Gallen
CH|SO|Solothurn|Solothurn
CH|SZ|Schwyz|Schwyz
CH|TG|Thurgau|Frauenfeld
CH|TI|Ticino;Tessin|Lugano
CH|VD|Vaud;Waadt|Lausanne
CH|VS|Valais;Wallis|Sion
CH|ZG|Zug|Zug
CH|ZH|Zürich|Zürich
ES|AN|Andalusia;Andalucía|Sevilla
ES|AR|Aragon;Aragón|Zaragoza
ES|AS|Asturias|Oviedo
ES|CB|Cantabria|Santander
ES|CL|Castile and León;Castilla y León|Valladolid
ES|CM|Castilla-La Mancha|Toledo
ES|CN|Canary Islands;Canarias;Islas Canarias|Las Palmas de Gran Canaria
ES|CT|Catalonia;Cataluña;Catalunya|Barcelona
ES|EX|Extremadura|Badajoz
ES|GA|Galicia|Santiago de Compostela
ES|IB|Balearic Islands;Illes Balears;Baleares;Mallorca;Majorca|Palma
ES|MC|Murcia|Murcia
ES|MD|Madrid;Comunidad de Madrid|Madrid
ES|NC|Navarre;Navarra|Pamplona
ES|PV|Basque Country;País Vasco;Euskadi|Bilbao
ES|RI|La Rioja|Logroño
ES|VC|Valencian Community;Comunitat Valenciana|Valencia
IT||Abruzzo|L'Aquila
IT||Apulia;Puglia|Bari
IT||Calabria|Catanzaro
IT||Campania|Napoli
IT||Emilia-Romagna|Bologna
IT||Friuli-Venezia Giulia|Trieste
IT||Lazio|Roma
IT||Liguria|Genova
IT||Lombardy;Lombardia|Milano
IT||Piedmont;Piemonte|Torino
IT||Sardinia;Sardegna|Cagliari
IT||Sicily;Sicilia|Palermo
IT||Trentino-Alto Adige;South Tyrol;Südtirol|Trento
IT||Tuscany;Toscana|Firenze
IT||Umbria|Perugia
IT||Veneto|Venezia
FR||Auvergne-Rhône-Alpes|Lyon
FR||Brittany;Bretagne|Rennes
FR||Corsica;Corse|Ajaccio
FR||Hauts-de-France|Lille
FR||Île-de-France|Paris
FR||Normandy;Normandie|Rouen
FR||Nouvelle-Aquitaine|Bordeaux
FR||Occitanie;Occitania|Toulouse
FR||Provence-Alpes-Côte d'Azur;PACA;Provence|Marseille
NL|GE|Gelderland|Nijmegen
NL|GR|Groningen|Groningen
NL|LI|Limburg|Maastricht
NL|NB|North Brabant;Noord-Brabant|Eindhoven
NL|NH|North Holland;Noord-Holland|Amsterdam
NL|OV|Overijssel|Zwolle
NL|UT|Utrecht|Utrecht
NL|ZE|Zeeland|Middelburg
NL|ZH|South Holland;Zuid-Holland|Rotterdam
BE|VLG|Flanders;Vlaanderen|Antwerpen
BE|WAL|Wallonia;Wallonie|Liège
BR|AC|Acre|Rio Branco
BR|AL|Alagoas|Maceió
BR|AM|Amazonas|Manaus
BR|AP|Amapá|Macapá
BR|BA|Bahia|Salvador
BR|CE|Ceará|Fortaleza
BR|DF|Distrito Federal;Federal District|Brasília
BR|ES|Espírito Santo|Vitória
BR|GO|Goiás|Goiânia
BR|MA|Maranhão|São Luís
BR|MG|Minas Gerais|Belo Horizonte
BR|MS|Mato Grosso do Sul|Campo Grande
BR|MT|Mato Grosso|Cuiabá
BR|PA|Pará|Belém
BR|PB|Paraíba|João Pessoa
BR|PE|Pernambuco|Recife
BR|PI|Piauí|Teresina
BR|PR|Paraná|Curitiba
BR|RJ|Rio de Janeiro|Rio de Janeiro
BR|RN|Rio Grande do Norte|Natal
BR|RO|Rondônia|Porto Velho
BR|RR|Roraima|Boa Vista
BR|RS|Rio Grande do Sul|Porto Alegre
BR|SC|Santa Catarina|Florianópolis
BR|SE|Sergipe|Aracaju
BR|SP|São Paulo|São Paulo
BR|TO|Tocantins|Palmas
MX|CDMX|Ciudad de México;Distrito Federal|Mexico City
MX|JAL|Jalisco|Guadalajara
MX|NLE|Nuevo León|Monterrey
MX|PUE|Puebla|Puebla
MX|QUE|Querétaro|Querétaro
MX|ROO|Quintana Roo|Cancún
MX|VER|Veracruz|Xalapa
MX|YUC|Yucatán|Mérida
AR|C|Ciudad Autónoma de Buenos Aires|Buenos Aires
AR|M|Mendoza|Mendoza
AR|S|Santa Fe|Rosario
AR|X|Córdoba|Córdoba
IN|AP|Andhra Pradesh|Visakhapatnam
IN|AS|Assam|Guwahati
IN|BR|Bihar|Patna
IN|CT|Chhattisgarh|Raipur
IN|DL|Delhi|Delhi
IN|GA|Goa|Panaji
IN|GJ|Gujarat|Ahmedabad
IN|HP|Himachal Pradesh|Shimla
IN|HR|Haryana|Gurugram
IN|JH|Jharkhand|Ranchi
IN|JK|Jammu and Kashmir|Srinagar
IN|KA|Karnataka|Bengaluru
IN|KL|Kerala|Kochi
IN|MH|Maharashtra|Mumbai
IN|ML|Meghalaya|Shillong
IN|MN|Manipur|Imphal
IN|MP|Madhya Pradesh|Indore
IN|MZ|Mizoram|Aizawl
IN|NL|Nagaland|Dimapur
IN|OR|Odisha;Orissa|Bhubaneswar
IN|PB|Punjab|Ludhiana
IN|PY|Puducherry;Pondicherry|Puducherry
IN|RJ|Rajasthan|Jaipur
IN|SK|Sikkim|Gangtok
IN|TG|Telangana|Hyderabad
IN|TN|Tamil Nadu|Chennai
IN|TR|Tripura|Agartala
IN|UP|Uttar Pradesh|Lucknow
IN|UT|Uttarakhand;UK|Dehradun
IN|WB|West Bengal|Kolkata
ZA|EC|Eastern Cape|East London
ZA|FS|Free State|Bloemfontein
ZA|GP|Gauteng|Johannesburg
ZA|KZN|KwaZulu-Natal;NL|Durban
ZA|LP|Limpopo|Polokwane
ZA|MP|Mpumalanga|Nelspruit
ZA|NC|Northern Cape|Kimberley
ZA|WC|Western Cape|Cape Town
JP||Hokkaido|Sapporo
JP||Mie|Tsu
JP||Okinawa|Naha
ID||Bali|Denpasar
MY||Johor|Johor Bahru
MY||Penang;Pulau Pinang|George Town
MY||Sabah|Kota Kinabalu
MY||Sarawak|Kuching
MY||Selangor|Shah Alam
NG||Lagos;Lagos State|Lagos
PT||Madeira|Funchal
PT||Azores;Açores|Ponta Delgada
PT||Algarve|Faro
GR||Crete;Kriti|Irákleion
"""

# Islands, landscapes and counties that people name instead of a town. They are no first-level divisions.
_REGIONS = """
CH|Engadin;Engadine|St. Moritz
CU|Villa Clara|Santa Clara
DE|Lake Constance;Bodensee|Konstanz
DE|Rhine-Main;Rhein-Main|Frankfurt am Main
DE|Ruhr;Ruhrgebiet|Essen
ES|Costa del Sol|Málaga
ES|Lanzarote|Arrecife
FR|French Riviera;Côte d'Azur;Riviera|Nice
GB|Cornwall|Truro
GB|Devon|Exeter
GB|Kent|Canterbury
GB|Norfolk|Norwich
GB|Perthshire|Perth
GB|Yorkshire|York
GB|Lake District|Kendal
MY|Iskandar Malaysia;Iskandar|Johor Bahru
NL|Texel|Den Burg
NL|Friesland;Fryslân|Leeuwarden
PH|Bohol|Tagbilaran City
PH|Cebu|Cebu City
PH|Palawan|Puerto Princesa
PL|Silesia;Śląsk|Katowice
SK|Tatras;High Tatras;Vysoké Tatry|Poprad
TH|Phuket|Phuket
US|Bay Area;San Francisco Bay Area|San Francisco
US|Cape Cod|Barnstable
US|Long Island|Hempstead
US|Research Triangle Park;Research Triangle;RTP|Durham
US|Silicon Valley|San Jose
US|Twin Cities|Minneapolis
"""


def states() -> Iterator[State]:
    """All states of the table above; those of the USA are read from the gazetteer's own package."""
    for line in _TABLE.strip().splitlines():
        country, code, names, chief_city = line.split("|")
        yield State(country, code, tuple(names.split(";")), chief_city)
    for line in _REGIONS.strip().splitlines():
        country, names, chief_city = line.split("|")
        yield State(country, "", tuple(names.split(";")), chief_city, is_region=True)
