"""Order documents with sane defaults, and points in time for their fields."""
from datetime import datetime, timedelta, timezone
from typing import Any

ID = "B-1/UJI/2024"
ABSENT = object()  # as a field's value: leave the field out


def at(seconds: float = 0) -> str:
    """RFC 3339, this many seconds from now, rounded up so that a future point stays in the future."""
    moment = datetime.now(timezone.utc) + timedelta(seconds=seconds + 1)
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def domains(*names: str, match: str | None = None) -> list[dict[str, str]]:
    return [{"domain": name, **({"match": match} if match else {})} for name in names]


def document(**fields: Any) -> dict[str, Any]:
    """A valid order on hoax.example; fields given replace, add or (ABSENT) remove."""
    base = {
        "format": "saring-order/1",
        "id": ID,
        "authority": "Kementerian Uji",
        "legal_basis": "Pasal 40 UU Uji",
        "category": "election-hoax",
        "issued": "2024-01-01T00:00:00Z",
        "expires": "2199-01-01T00:00:00Z",
        "reason": {"id": "Hoaks pemilu", "en": "Election hoax"},
        "contact": ["mailto:aduan@kementerian.example"],
        "reference": "https://kementerian.example/perintah/1",
        "targets": domains("hoax.example"),
    }
    return {key: value for key, value in {**base, **fields}.items() if value is not ABSENT}
