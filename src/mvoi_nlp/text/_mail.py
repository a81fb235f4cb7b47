"""E-mail by the standard library: subject and body, without the addresses of who wrote to whom."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import MIMEPart

from mvoi_nlp.errors import TextError
from mvoi_nlp.records import Page
from mvoi_nlp.text._blocks import Draft, clean, plain_pages
from mvoi_nlp.text._plain import decode, read_html, read_text

_KNOWN = {
    "from", "to", "cc", "bcc", "subject", "date", "sender", "reply-to", "return-path", "delivered-to", "received",
    "message-id", "in-reply-to", "references", "mime-version", "content-type", "content-transfer-encoding",
}  # fmt: skip
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):")
_SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"}
_QUOTE = re.compile(r"^[> ]*>[ ]?")
_ADDRESSED = re.compile(r"^\W*(?:from|to|cc|bcc|sent|date|van|aan|verzonden|datum)\W*:\W", re.I)
_TOPIC = re.compile(r"^\W*(?:subject|onderwerp|betreft)\W*:\W", re.I)


def looks_like_mail(data: bytes, *, named: bool) -> bool:
    """Say whether bytes begin with the headers of a mail: three that are known, or one when the file is named so."""
    found = set()
    for line in data[:65536].lstrip(b"\xef\xbb\xbf\r\n").splitlines():
        if not line.strip():
            break
        header = _HEADER.match(line)
        if header:
            found.add(header[1].decode("ascii").lower())
        elif line[:1] not in b" \t" and not line.startswith(b"From "):
            break
    return len(found & _KNOWN) >= (1 if named else 3)


def _decoded(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _texts(part: MIMEPart) -> list[tuple[str, str]]:
    """The bodies in order, as (plain or html, text); of alternatives the plain one."""
    if part.get_content_maintype() == "multipart":
        parts = [_texts(child) for child in part.iter_parts()]
        if part.get_content_subtype() != "alternative":
            return [text for found in parts for text in found]
        written = [found for found in parts if any(text.strip() for _, text in found)]
        return next((found for found in written if all(kind == "plain" for kind, _ in found)), (written or [[]])[0])
    named = part.is_attachment() or part.get_filename()
    if named or part.get_content_type() not in {"text/plain", "text/html"}:
        return []
    return [(part.get_content_subtype(), _decoded(part))]


def _plain(text: str) -> str:
    """Text without marks of quotes and without the addresses above a quoted mail; a quote is a paragraph of its own."""
    lines: list[str] = []
    depth = 0
    for raw in text.splitlines():
        quote = _QUOTE.match(raw)
        level = quote[0].count(">") if quote else 0
        if level != depth:
            lines.append("")
        depth = level
        lines.append(raw[quote.end() :] if quote else raw)
    return "\n".join(_unaddressed(lines))


def _unaddressed(lines: list[str]) -> Iterator[str]:
    block: list[str] = []
    for line in [*lines, ""]:
        if _ADDRESSED.match(line) or _TOPIC.match(line):
            block.append(line)
            continue
        yield from (row for row in block if len(block) < 3 or _TOPIC.match(row))
        if block:
            yield ""
        block = []
        yield line


def _attachments(message: MIMEPart) -> Iterator[str]:
    for part in message.walk():
        inline = part.get("content-id") and not part.is_attachment()
        if part.get_content_maintype() != "multipart" and not inline and (name := clean(part.get_filename() or "")):
            yield name
        elif part.get_content_type() == "message/rfc822":
            yield "een ander bericht"


def read_mail(data: bytes, name: str, document: str) -> tuple[tuple[Page, ...], list[Draft]]:
    """Read subject and body of a mail as one page; its note names the attachments."""
    message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=policy.default)
    if message.get_content_type() in _SEALED:
        raise TextError(
            f"{name}: an encrypted mail", hint="open it in the mail program and save its text as .txt or PDF"
        )
    subject = Draft(page=1, kind="heading", text=clean(str(message["subject"] or "")), level=1)
    drafts = [subject] if subject.text else []
    tables = 0
    for kind, text in _texts(message):
        found = read_html(text) if kind == "html" else read_text(_plain(text), one_sentence_per_line=False)
        for draft in found.drafts:
            if draft.table is not None:
                draft.table += tables
        drafts += found.drafts
        tables = 1 + max((draft.table for draft in drafts if draft.table is not None), default=-1)
    names = list(_attachments(message))
    note = "bijlagen niet geopend: " + ", ".join(names) if names else ""
    return plain_pages(document, drafts, 1, note=note), drafts
