"""The words in cells that the data contract has words for: statuses, modes, decisions, in many languages."""

from __future__ import annotations

_YES = """yes, y, true, 1, x, ✓, ✔, ✔️, ✅, ☑, ja, j,
    oui, o, sí, si, sim, s, sì, tak, evet, да, はい, 是, 对, हाँ, हां, wahr, vrai,
    verdadero, verdadeiro, vero, waar, checked, on, done"""
_NO = """no, n, false, 0, ✗, ✘, ❌, ☐, nein, non, não, nao, nee, nie, nej, hayır, нет, いいえ, 否, 不, नहीं,
    falsch, faux, falso, onwaar, off, -"""
_HELD = """held, done, took place, happened, completed, complete, finished, past, successful, closed,
    durchgeführt, stattgefunden, erledigt, abgeschlossen, réalisé, réalisée, terminé, terminée, fait,
    realizado, realizada, celebrado, celebrada, hecho, terminado, concluído, concluída, feito, svolto, svolta,
    concluso, fatto, completato, gehouden, afgerond, gedaan, odbyło się, zakończone, zrealizowane, genomfört,
    genomförd, klart, yapıldı, tamamlandı, gerçekleşti, проведено, состоялось, завершено, прошло, 開催済み,
    開催済, 終了, 完了, 实施済み, 已举办, 已完成, 已结束, 已舉辦, आयोजित, संपन्न, पूर्ण"""
_PLANNED = """planned, plan, upcoming, scheduled, confirmed, open, to do, draft, tentative, published, live,
    geplant, bevorstehend, prévu, prévue, planifié, planifiée, à venir, planeado, planeada, planificado,
    previsto, prevista, próximo, planejado, agendado, pianificato, in programma, gepland, planowane,
    zaplanowane, planerat, planerad, kommande, planlandı, planlanan, yaklaşan, запланировано, планируется,
    予定, 開催予定, 计划中, 计划, 即将举行, 計劃中, नियोजित, योजना"""
_CANCELLED = """cancelled, canceled, called off, did not happen, not held, abgesagt, ausgefallen, entfallen,
    annulé, annulée, cancelado, cancelada, anulado, suspendido, annullato, annullata, cancellato, geannuleerd,
    afgelast, odwołane, odwołano, inställt, inställd, iptal, iptal edildi, отменено, отменён, отмена, 中止,
    キャンセル, 取消, 已取消, रद्द, ✗, ✘, ❌"""
_ONLINE = """online, virtual, virtually, remote, zoom, virtuell, en ligne, virtuel, en línea, remoto, em linha,
    in linea, virtuale, zdalnie, digitalt, çevrimiçi, онлайн, オンライン, 线上, 線上, 在线, ऑनलाइन"""
_IN_PERSON = """in person, onsite, on site, offline, physical, face to face, f2f, irl, vor ort, präsenz,
    in präsenz, en personne, présentiel, en présentiel, sur place, presencial, en persona, in presenza,
    di persona, op locatie, fysiek, stacjonarnie, na miejscu, på plats, fysiskt, yüz yüze, очно, офлайн, 対面,
    現地, オフライン, 线下, 線下, 现场, व्यक्तिगत"""
_HYBRID = """hybrid, hybride, híbrido, híbrida, ibrido, ibrida, hybrydowo, hibrit, гибрид, гибридный,
    ハイブリッド, 混合, हाइब्रिड, online and in person"""
_APPROVED = """approved, accepted, granted, ok, okay, genehmigt, bewilligt, angenommen, approuvé, approuvée,
    accepté, acceptée, accordé, aprobado, aprobada, aceptado, aprovado, aprovada, aceito, approvato, approvata,
    accettato, goedgekeurd, zatwierdzone, zatwierdzono, zaakceptowane, godkänd, godkänt, beviljat, onaylandı,
    kabul, одобрено, одобрена, принято, 承認, 承認済み, 承認済, 批准, 已批准, 通过, स्वीकृत, मंजूर"""
_PAID = """paid, reimbursed, paid out, settled, completed, done, bezahlt, ausgezahlt, erstattet, überwiesen,
    payé, payée, remboursé, remboursée, versé, pagado, pagada, reembolsado, pago, paga, reembolsada, pagato,
    rimborsato, betaald, uitbetaald, terugbetaald, zapłacone, wypłacone, wypłacono, zwrócono, betalt, betald,
    utbetald, utbetalt, ödendi, оплачено, выплачено, возмещено, 支払済み, 支払済, 支払い済み, 精算済み, 已支付,
    已付, 已报销, भुगतान किया, भुगतान"""
_PENDING = """pending, open, new, submitted, waiting, in review, under review, requested, processing,
    to be decided, offen, ausstehend, eingereicht, in prüfung, beantragt, neu, en attente, en cours, soumis,
    pendiente, en revisión, enviado, pendente, em análise, in attesa, in corso, in behandeling, openstaand,
    ingediend, oczekuje, w trakcie, złożone, väntar, inskickad, beklemede, bekliyor, на рассмотрении, ожидает,
    новая, 審査中, 申請中, 保留, 未決, 待处理, 审核中, 待审批, लंबित"""
_DECLINED = """declined, rejected, denied, refused, not approved, abgelehnt, zurückgewiesen, refusé, refusée,
    rejeté, rejetée, rechazado, rechazada, denegado, recusado, recusada, rejeitado, negado, rifiutato,
    rifiutata, respinto, afgewezen, geweigerd, odrzucone, odrzucono, odmowa, avslagen, avslag, nekad,
    reddedildi, отклонено, отклонена, отказ, 却下, 否決, 拒绝, 已拒绝, अस्वीकृत"""
_WITHDRAWN = """withdrawn, cancelled, canceled, taken back, zurückgezogen, storniert, retiré, retirée, annulé,
    annulée, retirado, retirada, cancelado, cancelada, ritirato, annullato, ingetrokken, geannuleerd, wycofane,
    anulowane, återkallad, geri çekildi, iptal, отозвано, отозвана, отменено, 取下げ, 取消, 撤回, 已撤回,
    वापस लिया"""
WORDS: dict[str, dict[str, str]] = {
    "events.status": {"held": _HELD + "," + _YES, "planned": _PLANNED, "cancelled": _CANCELLED + "," + _NO},
    "events.mode": {"online": _ONLINE + "," + _YES, "in_person": _IN_PERSON + "," + _NO, "hybrid": _HYBRID},
    "funding_requests.decision": {
        "approved": _APPROVED + "," + _YES,
        "paid": _PAID,
        "pending": _PENDING,
        "declined": _DECLINED + "," + _NO,
        "withdrawn": _WITHDRAWN,
    },
    "funding_requests.category": {
        "travel": """travel, flight, flights, train, bus, transport, taxi, fahrt, reise, reisekosten, bahn,
            flug, voyage, déplacement, viaje, viajes, transporte, vuelo, viagem, passagem, viaggio, trasporto,
            reis, reiskosten, podróż, resa, resor, seyahat, ulaşım, поездка, проезд, транспорт, билеты, 交通費,
            旅費, 交通, 差旅, 交通费, यात्रा""",
        "lodging": """lodging, hotel, accommodation, hostel, unterkunft, übernachtung, hébergement, hôtel,
            alojamiento, hospedaje, hospedagem, alojamento, alloggio, verblijf, overnachting, nocleg,
            zakwaterowanie, boende, hotell, konaklama, otel, проживание, гостиница, отель, 宿泊, 宿泊費, 住宿,
            住宿费, आवास, होटल""",
        "supplies": """supplies, material, materials, equipment, printing, verbrauchsmaterial,
            druck, matériel, fournitures, materiales, suministros, materiais, suprimentos, materiali,
            forniture, benodigdheden, materiaal, materiały, förnödenheter, malzeme, материалы, оборудование,
            備品, 用品, 材料, 物资, सामग्री""",
        "catering": """catering, food, food and drinks, drinks, meals, meal, snacks, pizza, verpflegung, essen,
            bewirtung, getränke, repas, nourriture, restauration, comida, comidas, alimentación, bebidas,
            alimentação, lanche, cibo, pasti, ristorazione, eten, maaltijd, jedzenie, posiłki, mat, förtäring,
            måltider, yemek, ikram, еда, питание, кейтеринг, 飲食, 飲食費, 食事, 餐饮, 餐費, भोजन, खानपान""",
        "swag": """swag, stickers, sticker, shirts, t shirts, merchandise, merch, giveaways, badges, aufkleber,
            autocollants, pegatinas, adesivi, naklejki, наклейки, ステッカー, 贴纸, स्टिकर""",
        "training": """training, trainings, course, courses, coaching, schulung, kurs, formation, formación, curso,
            treinamento, formazione, corso, opleiding, cursus, szkolenie, utbildning, eğitim, обучение, курс,
            研修, 培训, प्रशिक्षण""",
        "other": """other, misc, miscellaneous, sonstiges, andere, autre, autres, otro, otros, outro, outros,
            altro, overig, inne, övrigt, diğer, другое, その他, 其他, अन्य""",
    },
    "participations.role": {
        "speaker": """speaker, presenter, talk, sprecher, referent, vortragende, intervenant, ponente, orador,
            palestrante, relatore, spreker, prelegent, talare, konuşmacı, докладчик, спикер, 登壇者, 講演者,
            讲者, 講者, वक्ता""",
        "organizer": """organizer, organiser, host, staff, crew, organisator, veranstalter, organisateur,
            organizador, organizzatore, organizator, arrangör, düzenleyen, организатор, 主催者, スタッフ,
            组织者, 組織者, आयोजक""",
        "mentor": """mentor, mentora, mentorin, tuteur, mentore, наставник, ментор, メンター, 导师, 導師, मेंटर""",
        "facilitator": """facilitator, moderator, moderatorin, animateur, facilitador, facilitatore,
            facilitateur, kolaylaştırıcı, модератор, ファシリテーター, 主持人, सुगमकर्ता""",
        "attendee": """attendee, participant, guest, visitor, general admission, general, standard, regular,
            student, early bird, teilnehmer, teilnehmerin, gast, participante, asistente, invité, partecipante,
            deelnemer, uczestnik, deltagare, katılımcı, участник, слушатель, 参加者, 一般, 参与者, 參加者,
            प्रतिभागी""",
    },
    "attended": {
        "yes": _YES
        + """, attending, checked in, accepted, accept queue,
        approved, going, attended, confirmed, present, registered, paid, order completed,
        completed""",
        "no": _NO
        + """, not attending, declined, decline queue, nominated,
        canceled (paid fee), cancelled, canceled, refunded, no show, not going, absent, waitlist, waitlisted,
        invited, pending, pending approval, expired, deleted, submitted, rejected, withdrawn, draft""",
    },
    "yes or no": {"yes": _YES, "no": _NO},
}
