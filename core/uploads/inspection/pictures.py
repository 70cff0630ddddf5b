"""JPEG, PNG and HEIC: decoded to pixels, and the pixels alone written anew (U2, U3)."""

import io
import warnings
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from core.uploads.inspection import MOST_PIXELS, Kind, Refusal, Refused

FORMATS = ("JPEG", "PNG", "HEIF")  # a JPEG behind which a phone keeps further pictures (MPO) is one of the first
QUALITY = 85

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
register_heif_opener(thumbnails=False)


def clean_picture(source: BinaryIO, copy: Path) -> Kind:
    """A JPEG or HEIC becomes a JPEG, a PNG a PNG; of several frames the first. Raise Refused."""
    try:
        with Image.open(source, formats=FORMATS) as picture:
            kind = Kind.PNG if picture.format == "PNG" else Kind.JPG
            pixels = pixels_of(picture, kind)
        if kind == Kind.PNG:
            pixels.save(copy, "PNG")
        else:
            pixels.save(copy, "JPEG", quality=QUALITY)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused(Refusal.TOO_MANY_PIXELS) from None
    except MemoryError:
        raise Refused(Refusal.TOO_HEAVY) from None
    except Exception:  # whatever a decoder stumbles over
        raise Refused(Refusal.BROKEN) from None
    return kind


def pixels_of(picture: Image.Image, kind: Kind) -> Image.Image:
    """Upright, eight bits a channel, colours as screens show them. What the file said about itself is gone."""
    ImageOps.exif_transpose(picture, in_place=True)
    profile = picture.info.get("icc_profile")
    mode = mode_for(picture, kind)
    if picture.mode.startswith("I"):
        pixels = picture.point(lambda value: value / 256).convert(mode)  # sixteen bits: their upper eight
    else:
        pixels = in_screen_colours(picture, profile) if profile else picture
        pixels = pixels.convert(mode)  # a new picture also where the mode stays
    pixels.info.clear()
    return pixels


def mode_for(picture: Image.Image, kind: Kind) -> str:
    if picture.mode in ("1", "L", "I", "I;16", "I;16B"):
        return "L"
    if kind == Kind.JPG:
        return "RGB"
    return "RGBA" if picture.has_transparency_data else "RGB"


def in_screen_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    """Phones photograph in wider colours than a browser assumes of a file without a profile. A broken one is passed over."""
    with suppress(ImageCms.PyCMSError, OSError):
        wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = picture.mode if picture.mode in ("L", "RGBA") else "RGB"
        converted = ImageCms.profileToProfile(picture, wide, ImageCms.createProfile("sRGB"), outputMode=mode)
        return converted or picture
    return picture
