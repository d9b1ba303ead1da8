"""The words of helpdesks: what their exports call the format's columns, statuses, priorities and channels.

Words are told apart as `names.tokens` leaves them: `create` for created, creation and `Created time`.
"""

from __future__ import annotations

from typing import Final

CANON: Final[dict[str, str]] = {
    word: canon
    for canon, words in {
        "create": "created creation creating raised reported submitted logged received arrived",
        "open": "opened opening",
        "close": "closed closing closure",
        "resolve": "resolved resolution solved solution fixed resolving completed completion finished",
        "update": "updated modified modification changed changes",
        "reply": "response responded replied answer answered respond",
        "due": "target deadline expected sla until promised",
        "assign": "assigned assignee assignment owner responsible handler resolver",
        "agent": "technician operator analyst",
        "team": "group squad",
        "status": "state stage",
        "category": "categories classification",
        "organization": "organisation company account client org customer_company tenant",
        "requester": "caller reporter requestor customer submitter contact_name affected",
        "channel": "via medium",
        "origin": "source",
        "tag": "tags label labels keyword keywords",
        "rating": "ratings rated csat satisfaction survey nps feedback",
        "score": "result results stars points",
        "comment": "comments remark remarks",
        "reopen": "reopened reopens reopenings reopening",
        "number": "no nr num numbers ref reference",
        "subject": "title summary headline",
        "first": "initial",
        "neighborhood": "neighbourhood",
        "location": "locations",
        "severity": "severities",
    }.items()
    for word in words.split()
}
"""Word forms, by what they are taken for."""

_FILLERS: Final = """
    at on dt date time datetime timestamp ts utc the a an of for to is u sys x custom field cf current latest last
    ticket tickets case cases incident incidents issue issues request requests enquiry inquiry name names
"""
FILLERS: Final = frozenset(_FILLERS.split())
"""Words that say nothing of a column; a name of nothing else keeps them."""

ALIASES: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "id": (("id", 1.0), ("number", 0.95), ("key", 0.9), ("ticket", 0.7), ("case", 0.7), ("issue", 0.7)),
    "created_at": (("create", 1.0), ("open", 0.95), ("create open", 1.0), ("begin", 0.7), ("start", 0.7)),
    "subject": (("subject", 1.0), ("description short", 0.9), ("description", 0.6)),
    "organization": (("organization", 1.0), ("location", 0.7), ("site", 0.7), ("branch", 0.65), ("neighborhood", 0.65)),
    "requester": (("requester", 1.0), ("create by", 0.8), ("open by", 0.8), ("contact", 0.7), ("user", 0.6)),
    "category": (("category", 1.0), ("topic", 0.9), ("reason", 0.85), ("type", 0.8), ("service", 0.65), ("area", 0.65)),
    "priority": (("priority", 1.0), ("severity", 0.8), ("urgency", 0.75), ("prio", 1.0)),
    "channel": (("channel", 1.0), ("origin", 0.95), ("contact type", 0.95), ("create channel", 0.9)),
    "status": (("status", 1.0),),
    "team": (("team", 1.0), ("assign team", 1.0), ("agent team", 1.0), ("department", 0.85), ("queue", 0.8)),
    "assignee": (("assign", 1.0), ("assign agent", 1.0), ("agent", 0.95), ("resolve by", 0.7)),
    "tags": (("tag", 1.0), ("product", 0.65), ("subcategory", 0.65)),
    "first_response_at": (("first reply", 1.0),),
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
        "escalated,offen,in bearbeitung,ouvert,abierto,in review,waiting for support,responded",
        "pending": "pending,waiting for customer,awaiting user info,awaiting customer,waiting on customer,"
        "waiting for reply,awaiting reply,need more info,pending customer,customer reply awaited,wartend",
        "on_hold": "on hold,hold,onhold,paused,suspended,deferred,snoozed,blocked,scheduled,waiting on third party,"
        "awaiting vendor,pending vendor,waiting",
        "resolved": "resolved,solved,fixed,done,completed,complete,answered,gelöst,résolu,resuelto,erledigt",
        "closed": "closed,cancelled,canceled,archived,rejected,declined,won't do,geschlossen,fermé,cerrado",
        "merged": "merged,duplicate",
        "spam": "spam,junk",
        "deleted": "deleted,trash,trashed",
    }.items()
    for word in words.split(",")
}
WAITING: Final = frozenset({"awaiting", "waiting", "pending"})
CUSTOMERS: Final = frozenset({"customer", "user", "requester", "client", "caller", "reporter", "info"})

PRIORITIES: Final[dict[str, str]] = {
    word: priority
    for priority, words in {
        "low": "low,minor,trivial,lowest,planning,niedrig,gering,faible,baja,p4,p5,very low",
        "normal": "normal,medium,moderate,standard,average,mittel,moyenne,media,p3",
        "high": "high,major,important,hoch,haute,alta,p2,serious",
        "urgent": "urgent,critical,blocker,highest,emergency,immediate,kritisch,dringend,critique,crítica,p1,p0,"
        "very high",
    }.items()
    for word in words.split(",")
}

CHANNELS: Final[dict[str, str]] = {
    word: channel
    for channel, words in {
        "email": "email,e-mail,mail,outlook",
        "web": "web,website,portal,self service,self-service,form,webform,widget,app,mobile,site,helpcenter",
        "chat": "chat,livechat,messenger,whatsapp,messaging,sms,telegram,slack,teams",
        "phone": "phone,call,telephone,voice,ivr,voicemail,telefon,téléphone,hotline",
        "api": "api,integration,webhook,monitoring,system,automation,event",
        "social": "social,twitter,facebook,instagram,x,linkedin,reddit",
        "other": "other,walk-in,walkin,direct,direct opening,in person,fax,letter",
    }.items()
    for word in words.split(",")
}
