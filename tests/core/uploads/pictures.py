"""Pictures as phones, scanners and attackers make them. Each is built here; none is stored."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

pillow_heif.register_heif_opener()

MARK = b"HOSTILE-MARK"  # what no clean copy may hold
SCRIPT = b"<html><script>alert('" + MARK + b"')</script></html>"
GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
LYING = 6  # «turn me to the right»


def drawing(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Dark at the left, bright at the right, so that a turned one is known."""
    return Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize(size).convert(mode)


def saved(picture: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def jpeg(**options: Any) -> bytes:
    return saved(drawing(), "JPEG", **options)


def png(mode: str = "RGB", **options: Any) -> bytes:
    return saved(drawing(mode), "PNG", **options)


def heic() -> bytes:
    return saved(drawing(size=(128, 96)), "HEIF", quality=60)


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("payload.html", SCRIPT)
    return file.getvalue()


def a_docx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr("word/vbaProject.bin", MARK)
    return file.getvalue()


# ── What a JPEG may carry ────────────────────────────────────────────────────
def lying() -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = LYING
    return exif


def jpeg_from_a_phone() -> bytes:
    """Lying on its side, with the place where it was taken."""
    exif = lying()
    exif[MAKE] = MARK.decode()
    exif.get_ifd(GPS).update({1: "N", 2: (43.0, 15.0, 24.0), 3: "E", 4: (76.0, 55.0, 42.0)})
    return jpeg(exif=exif)


def jpeg_in_ink() -> bytes:
    return saved(drawing("CMYK"), "JPEG")


def wide_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def jpeg_with_wide_colours() -> bytes:
    return jpeg(icc_profile=wide_profile())


def jpeg_with_a_broken_profile() -> bytes:
    return jpeg(icc_profile=b"\0" * 200 + MARK)


def jpeg_that_claims(width: int, height: int) -> bytes:
    """The size is a claim of its header: what is behind it has 60 × 40."""
    content = jpeg()
    frame = content.index(b"\xff\xc0")
    return content[: frame + 5] + struct.pack(">HH", height, width) + content[frame + 9 :]


def jpeg_with_pictures_behind() -> bytes:
    return saved(drawing(), "MPO", save_all=True, append_images=[drawing(size=(30, 20))])


# ── What a PNG may carry ─────────────────────────────────────────────────────
def png_of_144_megapixels() -> bytes:
    return saved(Image.new("1", (12_000, 12_000)), "PNG")


def png_of(pixels: int, mode: str = "1") -> bytes:
    return saved(Image.new(mode, (5_000, pixels // 5_000)), "PNG")


def png_with_deep_greys() -> bytes:
    """Sixteen bits, as a workstation exports an X-ray: 40,000 of 65,535 is a light grey."""
    return saved(Image.new("I;16", (60, 40), 40_000), "PNG")


def png_that_moves() -> bytes:
    return saved(drawing(), "PNG", save_all=True, append_images=[Image.new("RGB", (60, 40), "red")], duration=100)


def png_that_talks() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SCRIPT.decode())
    words.add_itxt("XML:com.adobe.xmp", SCRIPT.decode())
    return png(pnginfo=words)


def png_whose_comment_unpacks() -> bytes:
    """A few kilobytes of a compressed comment become a hundred megabytes."""
    return with_chunk(png(), b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 100_000_000))


def png_whose_profile_unpacks() -> bytes:
    return with_chunk(png(), b"iCCP", b"profile\0\0" + zlib.compress(b"x" * 100_000_000))


def png_with_a_wrong_sum() -> bytes:
    content = bytearray(png())
    content[content.index(b"IDAT") + 6] ^= 0xFF
    return bytes(content)


def with_chunk(content: bytes, kind: bytes, data: bytes) -> bytes:
    """Behind the header, which ends at byte 33."""
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return content[:33] + chunk + content[33:]
