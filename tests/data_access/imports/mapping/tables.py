"""Headings in fourteen languages for tests, written down apart from the product's own words."""

from __future__ import annotations

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "tr", "ru", "ja", "zh", "hi")
# What the tests call a column → its heading in each of LANGUAGES.
PEOPLE = {
    "name": "Name|Name|Nom|Nombre|Nome|Nome|Naam|Imię i nazwisko|Namn|Ad soyad|Имя|名前|姓名|नाम",
    "email": "E-mail|E-Mail-Adresse|Adresse e-mail|Correo electrónico|E-mail|Indirizzo e-mail|E-mailadres|Adres e-mail|"
    "E-postadress|E-posta|Электронная почта|メールアドレス|电子邮件|ईमेल",
    "town": "City|Wohnort|Ville|Ciudad|Cidade|Città|Woonplaats|Miasto|Stad|Şehir|Город|都市|城市|शहर",
    "languages": "Languages|Sprachen|Langues|Idiomas|Idiomas|Lingue|Talen|Języki|Språk|Diller|Языки|言語|语言|भाषाएँ",
    "joined": "Joined on|Beitrittsdatum|Date d'inscription|Fecha de alta|Data de inscrição|Data di iscrizione|"
    "Inschrijfdatum|Data rejestracji|Gick med|Kayıt tarihi|Дата регистрации|登録日|注册日期|पंजीकरण तिथि",
}
EVENTS = {
    "title": "Event|Veranstaltung|Événement|Evento|Evento|Evento|Evenement|Wydarzenie|Evenemang|Etkinlik|Мероприятие|"
    "イベント|活动|कार्यक्रम",
    "day": "Date|Datum|Date|Fecha|Data|Data|Datum|Data|Datum|Tarih|Дата|日付|日期|दिनांक",
    "place": "Location|Ort|Lieu|Lugar|Local|Luogo|Plaats|Miejsce|Plats|Yer|Место|場所|地点|स्थान",
    "status": "Status|Status|Statut|Estado|Situação|Stato|Status|Status|Status|Durum|Статус|状態|状态|स्थिति",
    "attendance": "Attendance|Teilnehmerzahl|Nombre de participants|Asistentes|Presenças|Partecipanti|Aantal "
    "deelnemers|"
    "Liczba uczestników|Antal deltagare|Katılımcı sayısı|Количество участников|参加人数|人数|उपस्थिति",
}
REQUESTS = {
    "name": PEOPLE["name"],
    "amount": "Amount|Betrag|Montant|Importe|Valor|Importo|Bedrag|Kwota|Belopp|Tutar|Сумма|金額|金额|राशि",
    "day": EVENTS["day"],
    "status": EVENTS["status"],
    "category": "Category|Kategorie|Catégorie|Categoría|Categoria|Categoria|Categorie|Kategoria|Kategori|Kategori|"
    "Категория|分類|类别|श्रेणी",
}
HELD = "Held|Stattgefunden|Terminé|Realizado|Realizado|Concluso|Afgerond|Zakończone|Genomfört|Tamamlandı|Состоялось|"
HELD += "開催済み|已完成|संपन्न"
PAID = "Paid|Bezahlt|Payé|Pagado|Pago|Pagato|Betaald|Wypłacono|Betald|Ödendi|Оплачено|支払済み|已支付|भुगतान"
TRAVEL = "Travel|Reise|Voyage|Viaje|Viagem|Viaggio|Reis|Podróż|Resa|Ulaşım|Проезд|交通費|差旅|यात्रा"


def in_language(texts: str, language: str) -> str:
    return texts.split("|")[LANGUAGES.index(language)]
