"""The subjects of the demo's tickets, by category; `{}` takes a detail of the ticket's own."""

from __future__ import annotations

from typing import Final

SUBJECTS: Final[dict[str, tuple[str, ...]]] = {
    "billing": (
        "Invoice {} shows the wrong VAT number",
        "Charged twice for invoice {}",
        "Please change the billing address on {}",
        "Cost centre missing on invoice {}",
        "Rechnung {} für März fehlt",
        "Credit note for {} not applied",
        "Why did our monthly total go up? ({})",
        "請求書 {} の宛名を変更したい",
    ),
    "refunds": (
        "Refund for order {} not received",
        "Return label for {} does not print",
        "Partial refund for {} is too low",
        "Rückerstattung {} noch nicht eingegangen",
        "Exchange instead of refund for {}",
        "How long does refund {} take?",
    ),
    "account-access": (
        "Cannot sign in after password reset ({})",
        "Two-factor code never arrives, user {}",
        "Please unlock account {}",
        "SSO loop for new employees ({})",
        "Zugang für Frau Größmann freischalten ({})",
        "无法登录账户 {}",
        "Change owner of workspace {}",
    ),
    "availability": (
        "Dashboard does not load (ref {})",
        "Error 502 on every page, case {}",
        "Service down in our region, {}",
        "Very slow since this morning ({})",
        "Timeouts while saving, {}",
        "Nichts geht mehr, Störung? ({})",
    ),
    "bugs": (
        "Export button does nothing on report {}",
        "Wrong totals in view {}",
        "App crashes when opening attachment {}",
        "Names with umlauts (Müller, Größe) are cut off in {}",
        "Calendar shows meetings one hour late ({})",
        "Filter is forgotten after reload, {}",
        "検索結果が表示されない {}",
    ),
    "integrations": (
        "Webhook {} is delivered twice",
        "API key {} rejected with 403",
        "Rate limit too low for job {}",
        "CRM sync stopped at record {}",
        "OAuth callback fails for app {}",
        "Payload of event {} lacks the locale",
        "Sandbox returns stale data ({})",
    ),
    "devices": (
        "Scanner {} no longer pairs",
        "Receipt printer prints blank pages ({})",
        "Battery of handheld {} swells",
        "Firmware update of {} fails at 40 %",
        "Ersatzgerät für {} benötigt",
        "Docking station {} not recognised",
    ),
    "delivery": (
        "Parcel {} stuck in customs",
        "Delivery {} went to the old address",
        "Pallet {} arrived damaged",
        "Change delivery slot for {}",
        "Sendung {} unvollständig",
        "Tracking {} has not moved for a week",
    ),
    "onboarding": (
        "Kick-off call for project {}",
        "Import of our old data, file {}",
        "How do we invite 200 people? ({})",
        "Training dates for team {}",
        "Which plan fits us? Request {}",
        "Einführung für das Büro in Köln ({})",
    ),
    "reporting": (
        "Monthly report {} is empty",
        "Numbers in {} differ from last week",
        "Schedule report {} by e-mail",
        "Add a column to report {}",
        "CSV of {} opens with odd characters",
        "レポート {} の集計期間について",
    ),
    "security": (
        "Suspicious sign-in, alert {}",
        "Phishing mail in your name ({})",
        "Please fill in security questionnaire {}",
        "Lost laptop, revoke sessions of {}",
        "Data subject request {}",
        "Penetration test finding {}",
    ),
    "feature-requests": (
        "Dark mode for the portal ({})",
        "Bulk edit of contacts, idea {}",
        "Keyboard shortcuts, please ({})",
        "Support for right-to-left names ({})",
        "다크 모드 지원 요청 ({})",
        "Saved filters per team, wish {}",
    ),
}

SPAM: Final = (
    "You have been selected!!!",
    "Cheap toner, only today",
    "RE: your unpaid parcel",
    "Rank first in every search",
    "Urgent business proposal",
)
