"""Pictures are drawn anew: what is kept is the picture, not the place and camera it came from."""

import io
import warnings
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from skola.ground.files.rules import MEGAPIXELS

LONGEST_SIDE = 2000
_KEPT = {"JPEG": ("JPEG", "image/jpeg"), "WEBP": ("WEBP", "image/webp")}


class NotAPictureError(Exception):
    """The picture cannot be read, or has too many pixels; the message says which."""


def redraw(source: IO[bytes]) -> tuple[io.BytesIO, str]:
    """Return the picture drawn anew and its content type: upright, no metadata, one frame.

    At most 40 megapixels are read and at most LONGEST_SIDE pixels a side are kept. JPEG and WebP
    stay what they are, everything else becomes PNG. Raises NotAPictureError.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(source, formats=("PNG", "JPEG", "WEBP", "GIF"))
            if picture.width * picture.height > MEGAPIXELS * 1_000_000:
                raise NotAPictureError(
                    f"{picture.width} × {picture.height}: at most {MEGAPIXELS} million pixels."
                )
            return _draw(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as problem:
        raise NotAPictureError(
            "The file begins like a picture but cannot be read as one."
        ) from problem
    except Image.DecompressionBombError as problem:
        raise NotAPictureError(f"More than {MEGAPIXELS} million pixels.") from problem


def _draw(picture: Image.Image) -> tuple[io.BytesIO, str]:
    form, content_type = _KEPT.get(picture.format or "", ("PNG", "image/png"))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    if form == "JPEG" and upright.mode not in {"L", "RGB"}:
        upright = upright.convert("RGB")
    elif upright.mode not in {"L", "LA", "P", "RGB", "RGBA"}:
        upright = upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
    if max(upright.size) > LONGEST_SIDE:
        upright = upright if upright.mode != "P" else upright.convert("RGBA")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info = {key: upright.info[key] for key in ("transparency",) if key in upright.info}
    into = io.BytesIO()
    options = {"PNG": {"optimize": True}}.get(form, {"quality": 84})
    upright.save(into, form, **options)
    into.seek(0)
    return into, content_type
