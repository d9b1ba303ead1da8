"""The words of helpdesks: what their exports call the format's columns, statuses, priorities and channels.

Words are told apart as `names.tokens` leaves them: `create` for created, creation and `Created time`. Capitals and
accents say nothing: `names.folded` takes them off words here and there.
"""

from __future__ import annotations

from typing import Final

CANON: Final[dict[str, str]] = {
    word: canon
    for canon, words in {
        "create": "created creation creating raised reported submitted logged received arrived"
        " erstellt erstellung erstelldatum erstellungsdatum angelegt anlagedatum erfasst erfassungsdatum gemeldet"
        " meldedatum eingang eingangsdatum eingegangen créé créée création creado creada creación",
        "open": "opened opening geöffnet eröffnet eröffnung eröffnungsdatum ouvert ouverture abierto apertura",
        "close": "closed closing closure geschlossen schließung schließdatum abgeschlossen abschluss abschlussdatum"
        " fermé fermeture clôturé clôture cerrado cerrada cierre",
        "resolve": "resolved resolution solved solution fixed resolving completed completion finished"
        " gelöst lösung lösungsdatum erledigt erledigung behoben résolu résolution resuelto resuelta resolución",
        "update": "updated modified modification changed changes"
        " geändert änderung änderungsdatum aktualisiert aktualisierung modifié actualizado modificado",
        "reply": "response responded replied answer answered respond antwort beantwortet reaktion réponse respuesta",
        "due": "target deadline expected sla until promised fällig fälligkeit frist soll échéance vencimiento",
        "assign": "assigned assignee assignment owner responsible handler resolver"
        " zugewiesen zuständig verantwortlich verantwortlicher bearbeiter sachbearbeiter"
        " assigné responsable asignado",
        "agent": "technician operator analyst mitarbeiter techniker technicien agente",
        "team": "group squad gruppe équipe groupe equipo grupo",
        "department": "abteilung fachbereich département departamento",
        "queue": "warteschlange",
        "status": "state stage zustand statut état estado",
        "category": "categories classification kategorie rubrik catégorie categoría",
        "topic": "thema thème tema",
        "type": "typ art tipo",
        "organization": "organisation company account client org customer_company tenant"
        " firma unternehmen société entreprise empresa",
        "branch": "filiale niederlassung",
        "requester": "caller reporter requestor customer submitter contact_name affected"
        " kunde kundin melder anrufer anfragender antragsteller demandeur solicitante",
        "contact": "kontakt ansprechpartner",
        "user": "benutzer anwender nutzer utilisateur usuario",
        "channel": "via medium kanal eingangskanal kontaktkanal canal",
        "origin": "source quelle herkunft",
        "tag": "tags label labels keyword keywords"
        " schlagwort schlagworte schlagwörter étiquette étiquettes etiqueta etiquetas",
        "rating": "ratings rated csat satisfaction survey nps feedback"
        " bewertung zufriedenheit kundenzufriedenheit umfrage évaluation satisfacción",
        "score": "result results stars points sterne punkte",
        "comment": "comments remark remarks kommentar bemerkung anmerkung commentaire comentario",
        "reopen": "reopened reopens reopenings reopening"
        " wiedereröffnet wiedereröffnungen wiedergeöffnet rouvert reabierto",
        "count": "anzahl",
        "number": "no nr num numbers ref reference"
        " nummer ticketnummer ticketnr vorgangsnummer vorgangsnr fallnummer auftragsnummer numéro número",
        "subject": "title summary headline betreff titel überschrift objet sujet asunto título",
        "description": "beschreibung",
        "short": "kurz",
        "first": "initial erste erster erstes première premier primera primer",
        "neighborhood": "neighbourhood",
        "location": "locations standort",
        "severity": "severities schweregrad gravité gravedad",
        "priority": "priorität priorité prioridad",
        "urgency": "dringlichkeit urgence urgencia",
        "product": "produkt produit producto",
        "subcategory": "unterkategorie",
        "begin": "beginn",
        "end": "ende",
        "ticket": "vorgang",
        "case": "fall",
        "by": "von durch par por",
    }.items()
    for word in words.split()
}
"""Word forms, by what they are taken for."""

_FILLERS: Final = """
    at on dt date time datetime timestamp ts utc the a an of for to is u sys x custom field cf current latest last
    ticket tickets case cases incident incidents issue issues request requests enquiry inquiry name names
    am um der die das des datum zeit zeitpunkt uhrzeit letzte letzter vorgang fall anfrage
    le la les du del el fecha hora heure dernière
"""
FILLERS: Final = frozenset(_FILLERS.split())
"""Words that say nothing of a column; a name of nothing else keeps them."""

ALIASES: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "id": (("id", 1.0), ("number", 0.95), ("key", 0.9), ("ticket", 0.7), ("case", 0.7), ("issue", 0.7)),
    "created_at": (("create", 1.0), ("open", 0.95), ("create open", 1.0), ("begin", 0.7), ("start", 0.7)),
    "subject": (("subject", 1.0), ("description short", 0.9), ("kurzbeschreibung", 0.9), ("description", 0.6)),
    "organization": (("organization", 1.0), ("location", 0.7), ("site", 0.7), ("branch", 0.65), ("neighborhood", 0.65)),
    "requester": (("requester", 1.0), ("create by", 0.8), ("open by", 0.8), ("contact", 0.7), ("user", 0.6)),
    "category": (("category", 1.0), ("topic", 0.9), ("reason", 0.85), ("type", 0.8), ("service", 0.65), ("area", 0.65)),
    "priority": (("priority", 1.0), ("severity", 0.8), ("urgency", 0.75), ("prio", 1.0)),
    "channel": (("channel", 1.0), ("origin", 0.95), ("contact type", 0.95), ("create channel", 0.9)),
    "status": (("status", 1.0),),
    "team": (("team", 1.0), ("assign team", 1.0), ("agent team", 1.0), ("department", 0.85), ("queue", 0.8)),
    "assignee": (("assign", 1.0), ("assign agent", 1.0), ("agent", 0.95), ("resolve by", 0.7)),
    "tags": (("tag", 1.0), ("product", 0.65), ("subcategory", 0.65)),
    "first_response_at": (("first reply", 1.0), ("erstantwort", 1.0), ("erstreaktion", 1.0)),
    "first_responder": (("first reply by", 1.0), ("first responder", 1.0), ("first reply agent", 1.0)),
    "resolved_at": (("resolve", 1.0), ("done", 0.8)),
    "closed_at": (("close", 1.0), ("end", 0.7)),
    "reopen_count": (("reopen count", 1.0), ("reopen", 0.9)),
    "first_response_due_at": (("due first reply", 1.0), ("due reply", 0.95)),
    "resolution_due_at": (("due resolve", 1.0), ("due", 0.85)),
    "updated_at": (("update", 1.0),),
    "score": (("score", 0.8), ("rating", 1.0), ("rating score", 1.0)),
    "rated_at": (("rating", 1.0), ("rating create", 0.95)),
    "comment": (("rating comment", 1.0), ("comment rating", 1.0)),
}
"""What a column's name may hold, with how surely it then is that column."""

STATUSES: Final[dict[str, str]] = {
    word: status
    for status, words in {
        "new": "new,unassigned,to do,todo,backlog,created,submitted,neu,nouveau,nuevo",
        "open": "open,active,in progress,work in progress,assigned,started,reopened,accepted,investigating,doing,"
        "escalated,offen,in bearbeitung,ouvert,abierto,in review,waiting for support,responded,zugewiesen,"
        "wiedereröffnet,en cours,en progreso",
        "pending": "pending,waiting for customer,awaiting user info,awaiting customer,waiting on customer,"
        "waiting for reply,awaiting reply,need more info,pending customer,customer reply awaited,wartend,pendiente",
        "on_hold": "on hold,hold,onhold,paused,suspended,deferred,snoozed,blocked,scheduled,waiting on third party,"
        "awaiting vendor,pending vendor,waiting,zurückgestellt,angehalten,pausiert",
        "resolved": "resolved,solved,fixed,done,completed,complete,answered,gelöst,résolu,resuelto,erledigt,behoben",
        "closed": "closed,cancelled,canceled,archived,rejected,declined,won't do,geschlossen,abgeschlossen,storniert,"
        "abgelehnt,fermé,clôturé,cerrado,cancelado",
        "merged": "merged,duplicate,duplikat",
        "spam": "spam,junk",
        "deleted": "deleted,trash,trashed,gelöscht",
    }.items()
    for word in words.split(",")
}
_WAITING: Final = "awaiting waiting pending wartet wartend warten attente espera esperando"
WAITING: Final = frozenset(_WAITING.split())
_CUSTOMERS: Final = """
    customer user requester client caller reporter info kunde kunden kundin anwender benutzer cliente usuario
"""
CUSTOMERS: Final = frozenset(_CUSTOMERS.split())

PRIORITIES: Final[dict[str, str]] = {
    word: priority
    for priority, words in {
        "low": "low,minor,trivial,lowest,planning,niedrig,gering,faible,basse,baja,p4,p5,very low,sehr niedrig",
        "normal": "normal,medium,moderate,standard,average,mittel,moyenne,media,p3,mittlere",
        "high": "high,major,important,hoch,haute,élevée,alta,p2,serious",
        "urgent": "urgent,critical,blocker,highest,emergency,immediate,kritisch,dringend,critique,crítica,p1,p0,"
        "urgente,very high,sehr hoch,höchste",
    }.items()
    for word in words.split(",")
}

CHANNELS: Final[dict[str, str]] = {
    word: channel
    for channel, words in {
        "email": "email,e-mail,mail,outlook,courriel,correo",
        "web": "web,website,portal,self service,self-service,form,webform,widget,app,mobile,site,helpcenter,"
        "webformular,kontaktformular,formular",
        "chat": "chat,livechat,messenger,whatsapp,messaging,sms,telegram,slack,teams",
        "phone": "phone,call,telephone,voice,ivr,voicemail,telefon,telefonisch,anruf,téléphone,teléfono,hotline",
        "api": "api,integration,webhook,monitoring,system,automation,event",
        "social": "social,twitter,facebook,instagram,x,linkedin,reddit",
        "other": "other,walk-in,walkin,direct,direct opening,in person,fax,letter,brief,persönlich",
    }.items()
    for word in words.split(",")
}
