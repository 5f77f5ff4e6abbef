"""What people write above their columns, in many languages: from a heading to what the column is about."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from data_access.geography.folding import fold
from data_access.imports.csv_rows import column_id

# English, then German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish, Turkish, Russian, Japanese,
# Chinese and Hindi. What two subjects share stands once; a longer heading that holds a phrase counts for less.
_WORDS = {
    "name": """name, full name, real name, display name, member, member name, person, contributor, participant,
        attendee, attendee name, guest name, your name, volunteer, traveller, requester, requested by, author,
        payee, who, nickname, vollständiger name, mitglied, teilnehmer, teilnehmerin, wer, antragsteller,
        nom complet, nom et prénom, membre, bénéficiaire, qui, nombre, nombre completo, nombre y apellidos,
        miembro, participante, solicitante, quién, nome, nome completo, membro, nominativo, nome e cognome,
        socio, partecipante, richiedente, naam, volledige naam, lid, deelnemer, aanvrager, imię i nazwisko,
        członek, uczestnik, namn, fullständigt namn, medlem, deltagare, ad soyad, adı soyadı, isim, üye,
        katılımcı, имя, фио, полное имя, участник, имя и фамилия, 名前, 氏名, お名前, 参加者, メンバー, 会員名,
        姓名, 名字, 成员, 參加者, 申请人, नाम, पूरा नाम, सदस्य, प्रतिभागी""",
    "first_name": """first name, given name, forename, vorname, prénom, primer nombre, nombre de pila,
        primeiro nome, nome próprio, voornaam, imię, förnamn, ad, adı, 名, 名（ファースト）, 名字（名）,
        पहला नाम""",
    "last_name": """last name, surname, family name, nachname, familienname, nom, nom de famille, apellido,
        apellidos, sobrenome, apelido, último nome, cognome, achternaam, nazwisko, efternamn, soyad, soyadı,
        soyisim, фамилия, 姓, 苗字, उपनाम, कुलनाम""",
    "email": """email, e mail, mail, email address, e mail address, attendee email, author email, member email,
        e mail adresse, mailadresse, courriel, adresse e mail, adresse électronique, mél, correo,
        correo electrónico, dirección de correo, endereço de e mail, correio eletrônico, indirizzo e mail,
        posta elettronica, e mailadres, adres e mail, e post, epost, e postadress, e posta, eposta,
        eposta adresi, электронная почта, почта, эл почта, адрес электронной почты, メール, メールアドレス,
        eメール, 邮箱, 电子邮件, 電子郵件, 邮件地址, ईमेल, ई मेल, ईमेल पता""",
    "handle": """username, user name, user, login, handle, github, github username, github handle, gitlab,
        nick, account, benutzername, benutzer, nutzername, nom d utilisateur, identifiant, pseudo, usuario,
        nombre de usuario, usuário, nome de usuário, nome utente, utente, gebruikersnaam, nazwa użytkownika,
        användarnamn, kullanıcı adı, логин, имя пользователя, ユーザー名, ユーザ名, 用户名, 使用者名稱,
        उपयोगकर्ता नाम""",
    "key": """id, key, no, number, member id, event id, request id, code, reference, mitgliedsnummer, nummer,
        kennung, numéro, identifiant unique, número, código, numero, codice, numer, identyfikator, kimlik,
        numara, номер, 番号, 会員番号, 编号, 編號, क्रमांक, आईडी, person key, event key, request key""",
    "place": """location, place, where, based in, lives in, where do you live, hometown, home, home town,
        residence, address, city country, city and country, ort und land, ort, standort, wohnort, adresse, wo,
        lieu, endroit, où, lieu de résidence, lugar, ubicación, dónde, domicilio, residencia, local, onde,
        morada, localização, luogo, dove, indirizzo, residenza, plaats, locatie, waar, woonplaats, adres,
        miejsce, lokalizacja, gdzie, plats, var, bostadsort, yer, konum, nerede, место, адрес, где,
        место проведения, 場所, 会場, 住所, 開催地, 所在地, 地点, 地點, 位置, स्थान, जगह, पता""",
    "city": """city, town, home city, municipality, stadt, gemeinde, ville, commune, ciudad, localidad, cidade,
        município, città, comune, stad, gemeente, miasto, miejscowość, ort stadt, kommun, şehir, il, город,
        都市, 市, 市町村, 城市, शहर, नगर""",
    "state": """state, province, region, county, bundesland, kanton, région, département, estado, provincia,
        comunidad, província, regione, provincie, województwo, län, bölge, область, регион, край, 都道府県, 県,
        省, 州, राज्य""",
    "country": """country, nation, home country, country of residence, land, staat, pays, país, paese, nazione,
        kraj, państwo, ülke, страна, 国, 国名, 国家, 國家, देश""",
    "latitude": "latitude, lat, breitengrad, latitud, latitudine, breedtegraad, szerokość geograficzna, широта, "
    "緯度, 纬度",
    "longitude": "longitude, lon, lng, long, längengrad, longitud, longitudine, lengtegraad, долгота, 経度, 经度",
    "languages": """language, languages, spoken languages, languages spoken, which languages do you speak,
        sprache, sprachen, langue, langues, langues parlées, idioma, idiomas, lengua, lenguas, língua, línguas,
        lingua, lingue, taal, talen, język, języki, språk, dil, diller, konuşulan diller, язык, языки, 言語,
        話せる言語, 语言, 語言, भाषा, भाषाएँ, भाषाएं""",
    "joined": """joined, joined on, join date, date joined, signed up, signed up at, sign up date, registered,
        created, created at, registration date, added, beitritt, beitrittsdatum, beigetreten, angemeldet am,
        inscription, date d inscription, date d adhésion, fecha de alta, fecha de inscripción,
        fecha de registro, data de inscrição, data de entrada, data di iscrizione, data iscrizione,
        lid geworden, inschrijfdatum, data dołączenia, data rejestracji, gick med, anmäld, katılma tarihi,
        kayıt tarihi, дата вступления, дата регистрации, 参加日, 登録日, 入会日, 加入日期, 注册日期, शामिल हुए,
        पंजीकरण तिथि""",
    "member_since": """member since, membership started, membership start, member from, mitglied seit,
        membre depuis, miembro desde, socio desde, membro desde, sócio desde, membro dal, socio dal, lid sinds,
        członek od, medlem sedan, üyelik başlangıcı, üyelik tarihi, участник с, член с, 会員開始日, 入会,
        会员开始, 入会日期, सदस्यता आरंभ""",
    "left": """left, left on, member until, membership ended, membership end, mitglied bis, austritt,
        ausgetreten, membre jusqu au, miembro hasta, baja, fecha de baja, membro até, membro fino al, lid tot,
        członek do, medlem till, üyelik bitişi, вышел, дата выхода, 退会日, 退会, 退出日期, सदस्यता समाप्ति""",
    "channel": """source, referral, how did you hear about us, channel, entry channel, found via, quelle,
        kanal, canal, cómo nos conociste, como nos conheceu, canale, kanaal, kanał, källa, kaynak, источник,
        きっかけ, 来源, स्रोत""",
    "attribute": """gender, sex, pronouns, geschlecht, anrede pronomen, genre, sexe, pronoms, género, sexo,
        pronombres, gênero, genere, sesso, geslacht, płeć, kön, cinsiyet, пол, 性別, 性别, लिंग, age,
        age group, age band, alter, altersgruppe, âge, tranche d âge, edad, grupo de edad, idade, faixa etária,
        età, fascia d età, leeftijd, leeftijdsgroep, wiek, ålder, åldersgrupp, yaş, yaş grubu, возраст, 年齢,
        年代, 年龄, 年齡, आयु, उम्र, ethnicity, disability, education, occupation, profession, beruf""",
    "title": """title, subject, talk, session title, event title, titel, bezeichnung, titre, intitulé, título,
        titolo, tytuł, başlık, название, タイトル, 題名, 标题, 標題, शीर्षक""",
    "event": """event, event name, name of the event, event title, activity, meetup, conference, veranstaltung,
        anlass, name der veranstaltung, événement, nom de l événement, activité, manifestation, evento,
        nombre del evento, actividad, nome do evento, atividade, nome dell evento, nome evento, attività,
        evenement, activiteit, naam evenement, wydarzenie, nazwa wydarzenia, evenemang, händelse, etkinlik,
        etkinlik adı, мероприятие, событие, название мероприятия, イベント, イベント名, 行事, 活动, 活动名称,
        活動, 活動名稱, कार्यक्रम, आयोजन, कार्यक्रम का नाम""",
    "start": """start, starts, start date, starts on, begin, begins, event date, date of the event, when, from,
        first day, beginn, anfang, startdatum, wann, von, veranstaltungsdatum, début, date de début, quand,
        date de l événement, inicio, fecha de inicio, cuándo, desde, fecha del evento, início, data de início,
        quando, data do evento, inizio, data di inizio, data inizio, data dell evento, begindatum, wanneer,
        początek, data rozpoczęcia, kiedy, när, början, başlangıç, başlangıç tarihi, ne zaman, начало,
        дата начала, когда, дата мероприятия, 開始, 開始日, 開催日, 开始, 开始日期, 活动日期, 開始日期,
        प्रारंभ, आरंभ तिथि, कब""",
    "end": """end, ends, end date, ends on, until, to, last day, ende, enddatum, bis, fin, date de fin,
        fecha de fin, fecha de término, hasta, fim, data de término, data final, fine, data di fine, data fine,
        einde, einddatum, koniec, data zakończenia, slut, slutdatum, bitiş, bitiş tarihi, конец, окончание,
        дата окончания, 終了, 終了日, 结束, 结束日期, 結束日期, समाप्ति, अंतिम तिथि""",
    "date": """date, day, timestamp, date and time, month day, submitted at, submission date, order date,
        request date, requested on, date requested, incurred on, purchase date, datum, tag, zeitstempel,
        antragsdatum, eingereicht am, horodateur, jour, date de la demande, fecha, día, marca temporal,
        fecha de solicitud, data, dia, carimbo de data hora, data do pedido, giorno, informazioni cronologiche,
        data richiesta, tijdstempel, dag, aanvraagdatum, dzień, sygnatura czasowa, data wniosku, tidstämpel,
        ansökningsdatum, tarih, zaman damgası, başvuru tarihi, дата, день, отметка времени, дата заявки, 日付,
        日時, 日, タイムスタンプ, 申請日, 日期, 时间戳记, 時間戳記, 申请日期, तारीख, दिनांक, तिथि, टाइमस्टैम्प""",
    "status": """status, state of, decision, approval status, attendee status, outcome, result, zustand,
        entscheidung, stand, statut, état, décision, estado del evento, decisión, situação, decisão, stato,
        decisione, estado, approved, toestand, beslissing, decyzja, beslut, durum, karar, статус, состояние, решение,
        ステータス, 状態, 状況, 状态, 狀態, 决定, स्थिति, निर्णय, held, done, took place, happened""",
    "attended": """came, attended, present, showed up, show, checked in, check in, took part, here, anwesend,
        teilgenommen, gekommen, erschienen, présent, présente, venu, asistió, presente, vino, compareceu, veio,
        è venuto, aanwezig, obecny, obecność, närvarande, katıldı, geldi, присутствовал, был, 出席, 参加した, 出席状況,
        उपस्थित""",
    "mode": """mode, online or in person, online, in person, event mode, virtual, modus, durchführung,
        online oder vor ort, modalité, en ligne, modalidad, modalidade, modalità, vorm, tryb, mötesform,
        katılım şekli, формат проведения, 開催形式, 形式, 方式, 线上线下, माध्यम""",
    "format": """format, type, kind, event type, category of event, art, typ, veranstaltungsart,
        type d événement, formato, tipo, tipo de evento, tipo di evento, soort, rodzaj, rodzaj wydarzenia,
        typ av evenemang, tür, etkinlik türü, вид, тип, формат, 種類, 種別, 类型, 類型, प्रकार""",
    "venue": """venue, venue name, room, building, veranstaltungsort, raum, saal, salle, lieu de l événement,
        sala, recinto, sede, zaal, sala wydarzenia, lokal, mekan, salon, площадка, зал, 会場名, 場地, 场地,
        स्थल""",
    "attendance": """attendance, attendees, number of attendees, participants, number of participants, people,
        headcount, how many people, visitors, rsvps, teilnehmerzahl, teilnehmende, anzahl teilnehmer, besucher,
        nombre de participants, asistentes, número de asistentes, asistencia, participantes,
        número de participantes, presenças, partecipanti, numero di partecipanti, presenze, deelnemers,
        aantal deelnemers, liczba uczestników, uczestnicy, antal deltagare, deltagare antal, katılımcı sayısı,
        количество участников, участники, посетители, 参加人数, 参加者数, 人数, 参加人數, 人數, उपस्थिति,
        प्रतिभागियों की संख्या""",
    "new_contributors": """new contributors, newcomers, first timers, new people, neue beitragende, neue,
        nouveaux contributeurs, nuevos contribuidores, novos contribuidores, nuovi contributori,
        nieuwe bijdragers, новые участники, 新規貢献者, 新贡献者""",
    "topics": """topic, topics, tags, theme, themes, track, thema, themen, schlagworte, thème, thèmes, sujet,
        tema, temas, etiquetas, temi, argomenti, onderwerp, onderwerpen, temat, tematy, ämne, ämnen, konu,
        konular, тема, темы, теги, トピック, テーマ, タグ, 主题, 主題, 标签, विषय""",
    "url": """url, link, website, web address, event link, webseite, internetadresse, lien, site web, enlace,
        sitio web, página web, site, collegamento, sito, sito web, webpagina, strona, strona www, länk,
        webbplats, bağlantı, web sitesi, ссылка, сайт, リンク, 网址, 链接, 網址, 連結, लिंक, वेबसाइट""",
    "speakers": """speaker, speakers, speaker names, presenter, presenters, sprecher, vortragende, referent,
        referenten, intervenant, intervenants, orateur, orateurs, ponente, ponentes, orador, oradores,
        palestrante, palestrantes, relatore, relatori, spreker, sprekers, prelegent, prelegenci, talare,
        föreläsare, konuşmacı, konuşmacılar, докладчик, докладчики, спикер, спикеры, 登壇者, 講演者, 讲者,
        演讲者, 講者, वक्ता""",
    "organizers": """organizer, organizers, organiser, organisers, host, hosts, lead, organized by,
        veranstalter, organisator, organisation, organisateur, organisateurs, organizador, organizadores,
        organizzatore, organizzatori, organisatoren, organizator, organizatorzy, arrangör, arrangörer,
        düzenleyen, organizatör, организатор, организаторы, 主催者, 主催, 组织者, 主办方, 主辦單位, आयोजक""",
    "role": """role, participation, ticket type, ticket, rolle, rôle, rol, papel, função, ruolo, rola, roll,
        katılım rolü, роль, 役割, 角色, भूमिका""",
    "rating": """rating, score out of 5, stars, satisfaction, bewertung, note sur 5, évaluation, valoración,
        calificación, avaliação, valutazione, beoordeling, ocena, betyg, puan, оценка, 評価, 评分, रेटिंग""",
    "amount": """amount, sum, total, cost, costs, price, expense, requested, requested amount,
        amount requested, net amount, reimbursement, betrag, summe, kosten, beantragt, beantragter betrag,
        montant, coût, somme, montant demandé, importe, monto, cantidad, costo, coste, importe solicitado,
        valor, montante, quantia, custo, valor solicitado, importo, somma, importo richiesto, bedrag, som,
        aangevraagd bedrag, kwota, koszt, suma, wnioskowana kwota, belopp, summa, kostnad, sökt belopp, tutar,
        miktar, ücret, сумма, стоимость, запрошенная сумма, 金額, 費用, 申請金額, 金额, 费用, 申请金额, राशि,
        रकम, लागत""",
    "currency": """currency, ccy, währung, devise, monnaie, moneda, divisa, moeda, valuta, waluta, para birimi,
        валюта, 通貨, 货币, 貨幣, 币种, मुद्रा""",
    "category": """category, expense type, type of expense, expense category, kategorie, kostenart, catégorie,
        categoría, categoria, tipo de gasto, tipo de despesa, categorie, kategoria, kategori, utläggstyp,
        категория, 費目, 分類, カテゴリ, 类别, 類別, श्रेणी""",
    "approved": """approved amount, amount approved, approved, granted, bewilligt, bewilligter betrag,
        genehmigt, montant accordé, accordé, importe aprobado, aprobado, valor aprovado, aprovado,
        importo approvato, approvato, goedgekeurd bedrag, zatwierdzona kwota, beviljat belopp, onaylanan tutar,
        одобренная сумма, 承認額, 承認金額, 批准金额, स्वीकृत राशि""",
    "paid": """paid, paid amount, amount paid, paid out, reimbursed, ausgezahlt, bezahlt, ausgezahlter betrag,
        montant payé, payé, versé, importe pagado, pagado, valor pago, pago, importo pagato, pagato,
        uitbetaald, betaald bedrag, wypłacono, wypłacona kwota, utbetalt, utbetalat belopp, ödenen tutar,
        выплачено, выплаченная сумма, 支払額, 支払金額, 已付金额, भुगतान राशि""",
    "paid_on": """paid on, payment date, date paid, reimbursed on, bezahlt am, ausgezahlt am, zahlungsdatum,
        payé le, date de paiement, pagado el, fecha de pago, pago em, data de pagamento, pagato il,
        data di pagamento, betaald op, betaaldatum, data wypłaty, utbetalt den, ödeme tarihi, дата выплаты,
        дата оплаты, 支払日, 付款日期, भुगतान तिथि""",
    "decided_on": """decided on, decision date, approved on, approval date, entschieden am, bewilligt am,
        décidé le, date de décision, decidido el, fecha de decisión, aprobado el, decidido em, data da decisão,
        deciso il, besloten op, data decyzji, beslutsdatum, karar tarihi, дата решения, 決定日, 承認日,
        决定日期, निर्णय तिथि""",
    "area": """area, contribution area, kind of contribution, field, bereich, beitragsart, domaine, área,
        ámbito, ambito, gebied, obszar, område, alan, область вклада, 分野, 領域, 领域, क्षेत्र""",
    "quantity": """count, quantity, commits, contributions, number of contributions, edits, posts, anzahl,
        beiträge, nombre de contributions, quantité, número de contribuciones, contribuciones, contribuições,
        contributi, quantità, bijdragen, aantal, liczba, wkład, bidrag, antal, katkı sayısı, количество,
        вклады, 貢献数, 件数, 贡献数, 数量, योगदान""",
    "project": """project, repository, repo, projekt, dépôt, projet, proyecto, repositorio, projeto, progetto,
        proje, проект, репозиторий, プロジェクト, リポジトリ, 项目, 仓库, परियोजना""",
    "ignore": """phone, telephone, mobile, notes, note, comment, comments, remarks, description, telefon,
        handy, bemerkung, bemerkungen, notizen, beschreibung, téléphone, remarques, commentaires, teléfono,
        notas, comentarios, descripción, telefone, observações, telefono, commenti, telefoon, opmerkingen,
        uwagi, opis, anteckningar, telefonnummer, notlar, телефон, комментарий, примечание, описание, 電話,
        備考, 电话, 备注, 描述, फ़ोन, टिप्पणी, password, avatar""",
}
# How a question begins, as forms ask it.
_QUESTIONS = {
    "start": "when, wann, quand, cuándo, quando, wanneer, kiedy, när, ne zaman, когда",
    "place": "where, wo, où, dónde, onde, dove, waar, gdzie, var, nerede, где",
    "attendance": """how many, wie viele, combien, cuántas, cuántos, quantas, quantos, quante, quanti, hoeveel, ile,
        hur många, kaç, сколько""",
    "status": """did it, did the, was it, has it, hat es, hat die, hat das, fand, a t il, a t elle, se realizó,
        se celebró, aconteceu, si è, heeft het, czy się, blev det, состоялось""",
    "organizers": """who organised, who organized, who hosted, who ran, who led, wer hat organisiert, wer organisiert,
        qui a organisé, quién organizó, quem organizou, chi ha organizzato, wie organiseerde, кто организовал""",
    "speakers": """who spoke, who presented, who gave, wer hat gesprochen, wer hat vorgetragen, qui a parlé,
        quién habló, quem falou, chi ha parlato, wie sprak, кто выступал""",
    "title": """what is it called, what was it called, what is the event called, what is the name, what was the name,
        wie heißt, wie hieß, comment s appelle, cómo se llama, como se chama, come si chiama, hoe heet,
        как называется""",
    "attended": "did they, did you, was she, was he, waren sie, sind sie, est il venu, vino usted",
    "name": "who, wer, qui, quién, quem, chi, wie is, kto, vem, kim, кто",
}
ASKED = 0.8
# Headings that say this only when they stand alone: in "Was it held?" they say nothing.
_ALONE = {"event": "what, was, quoi, qué, o quê, cosa, wat, co, vad, ne, что, 何, 内容, 什么, क्या"}
# A column that is called so is about the dimension of that name.
_DIMENSIONS = {
    "gender": """gender sex geschlecht genre sexe género sexo gênero genere sesso geslacht płeć kön cinsiyet пол 性別
        性别 लिंग""",
    "age band": """age alter altersgruppe âge edad idade età leeftijd wiek ålder åldersgrupp yaş возраст 年齢 年代
        年龄 年齡         आयु उम्र band""",
    "pronouns": "pronouns pronomen pronoms pronombres",
}
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")


class Heard(NamedTuple):
    """What a heading is about, and how sure that is (0–1)."""

    concept: str
    share: float


@lru_cache(maxsize=1)
def _phrases() -> dict[str, tuple[str, ...]]:
    """Folded phrase → what it may be about: "nombre" is a Spanish name, "participants" people or how many."""
    found: dict[str, tuple[str, ...]] = {}
    for concept, text in _WORDS.items():
        for phrase in {fold(each) for each in text.split(",")}:
            found[phrase] = (*found.get(phrase, ()), concept)
    return found


@lru_cache(maxsize=1)
def known_headings() -> frozenset[str]:
    """Everything that a heading may be called, as `column_id` writes it."""
    return frozenset(column_id(phrase) for text in _WORDS.values() for phrase in text.split(","))


@lru_cache(maxsize=2_000)
def heard(heading: str) -> tuple[Heard, ...]:
    """What a heading may be about, the surest first: its whole text, else the phrases within it."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    found: dict[str, float] = {}
    for text, most in ((fold(spaced), 1.0), (fold(_BRACKETS.sub(" ", spaced)), 0.95)):
        if not text:
            continue
        for concept, phrases in _ALONE.items():
            if text in map(fold, phrases.split(",")):
                found[concept] = ASKED
        for concept in _phrases().get(text, ()):
            found[concept] = max(found.get(concept, 0), most)
        for concept, share in _within(text):
            found[concept] = max(found.get(concept, 0), share * most)
    is_question = heading.rstrip(" *").endswith(("?", "？"))
    for concept in _asked(fold(heading)) if is_question else ():
        # What is asked for counts, not what else the question names.
        found = {each: share if share == 1 else share / 2 for each, share in found.items()}
        found[concept] = max(found.get(concept, 0), ASKED)
    return tuple(Heard(*each) for each in sorted(found.items(), key=lambda each: -each[1]))


def _asked(text: str) -> list[str]:
    return [
        concept
        for concept, beginnings in _QUESTIONS.items()
        if any(text.startswith(f"{fold(each)} ") for each in beginnings.split(","))
    ]


def _within(text: str) -> list[tuple[str, float]]:
    padded, found = f" {text} ", []
    for phrase, concepts in _phrases().items():
        if phrase.isascii() or phrase[0] < "\u2e80":
            within = len(phrase) > 2 and f" {phrase} " in padded
        else:
            within = len(phrase) > 1 and phrase in text
        if within:
            # The last words of a heading say what it is: "name of the event" aside, "member email" is an e-mail.
            share = 0.4 + 0.4 * len(phrase) / len(text) + (0.05 if text.endswith(phrase) else 0)
            found += [(concept, min(share, 0.9)) for concept in concepts]
    return found


def dimension(heading: str) -> str:
    """The dimension of a person's attribute that a heading names: "Altersgruppe" → "age band"; else its own words."""
    found = set(fold(heading).split())
    for name, words in _DIMENSIONS.items():
        if found & {fold(word) for word in words.split()}:
            return name
    return " ".join(_BRACKETS.sub(" ", heading).split()).casefold()
