"""QR codes, drawn by the server: no script and no other host has a part in them."""

import qrcode


def qr_path(text: str) -> tuple[int, str]:
    """Return a QR code as the size of its square and the path of its dark modules.

    The quiet zone of four modules is part of the square (ISO/IEC 18004).
    """
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return len(rows), path


def qr_svg(text: str) -> str:
    """Return a QR code as a picture of its own, in SVG."""
    size, path = qr_path(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )
