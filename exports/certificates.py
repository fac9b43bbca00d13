"""Certificates of completion, one page each."""

from db.records.attendance import Certificate
from exports.pdf import CENTRED, LARGE, PLAIN, PdfDocument

NAME_SIZE, TITLE_SIZE = 28, 20
"""Font sizes in points."""
FRAME, SIGNED = 8, 170
"""Millimetres from the edge of the paper to the frame, and from its top to the line for a signature."""


def render_certificate_pdf(certificate: Certificate) -> bytes:
    """Return the certificate of one person for one course as a PDF."""
    page = PdfDocument(
        title=f"{certificate.name}: {certificate.title}", foot=f"Reference {certificate.reference}", landscape=True,
        numbered=False, about=certificate.reference,
    )  # fmt: skip
    page.rect(FRAME, FRAME, page.w - 2 * FRAME, page.h - 2 * FRAME)
    page.ln(18)
    for text, size, space in (
        (certificate.organiser, LARGE, 12),
        ("This is to certify that", PLAIN + 2, 4),
        (certificate.name, NAME_SIZE, 4),
        ("has completed", PLAIN + 2, 4),
        (certificate.title, TITLE_SIZE, 4),
        (f"on {certificate.on.day} {certificate.on:%B %Y}", PLAIN + 2, 10),
        (_hours(certificate.minutes), PLAIN, 2),
        (", ".join(certificate.modules), PLAIN, 2),
        (f"Earlier learning: {'; '.join(certificate.earlier)}" if certificate.earlier else "", PLAIN, 2),
        (_validity(certificate), PLAIN, 0),
    ):
        if text:
            page.line_of(text, size=size, align=CENTRED)
            page.ln(space)
    page.set_y(max(SIGNED, page.get_y() + PLAIN))
    page.line_of("_" * 30, align=CENTRED)
    page.line_of(f"for {certificate.organiser}", align=CENTRED)
    return page.data()


def is_certificate(data: bytes, reference: str) -> bool:
    """Return whether a file is the certificate with this reference, so that a new copy may replace it."""
    return data.startswith(b"%PDF") and f"({reference})".encode() in data


def _hours(minutes: int) -> str:
    hours = f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
    return f"{hours} hour{'' if hours == '1' else 's'} of CPD attended" if minutes else ""


def _validity(certificate: Certificate) -> str:
    last = certificate.valid_until
    return f"Valid until {last.day} {last:%B %Y}" if last else ""
