"""Pictures for the courses of the demo, drawn by program: covers, and two that lessons show."""

import io
import math
from random import Random

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
PAPER, INK, LINE, AMBER = (243, 241, 234), (87, 83, 75), (223, 219, 209), (167, 97, 13)
GREEN, WHITE = (36, 104, 63), (255, 255, 255)
WIDTH, HEIGHT, FINER = 640, 360, 2
TONES = {
    "ilearn": (0, 104, 118),
    "kic": (140, 43, 43),
    "learnifier": (52, 76, 148),
    "ema": (62, 102, 48),
    "ekool": (0, 96, 156),
}
"""A tone for the covers of each tenant, beside the amber of the product."""


def _canvas() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), PAPER)
    return picture, ImageDraw.Draw(picture)


def _png(picture: Image.Image) -> bytes:
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    into = io.BytesIO()
    small.quantize(128).save(into, "PNG", optimize=True)
    return into.getvalue()


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def cover(tenant: str, number: int, chance: Random) -> bytes:
    """Return a cover as PNG: tides, terraces or dials in turn, each drawn by chance."""
    picture, draw = _canvas()
    tone = TONES.get(tenant, AMBER)
    motif = (_tides, _terraces, _dials)[number % 3]
    motif(draw, chance, tone)
    for tick in range(0, WIDTH * FINER, 16 * FINER):
        high = 12 if tick % (80 * FINER) == 0 else 6
        line = (tick, HEIGHT * FINER - high * FINER, tick, HEIGHT * FINER)
        draw.line(line, fill=INK, width=FINER)
    return _png(picture)


def _tides(draw: ImageDraw.ImageDraw, chance: Random, tone: Colour) -> None:
    steps = 6
    for step in range(steps):
        base = HEIGHT * FINER * (0.25 + 0.75 * step / steps)
        high, shift = chance.uniform(12, 30) * FINER, chance.uniform(0, 6)
        length = chance.uniform(0.008, 0.014) / FINER
        edge = [
            (x, base + high * math.sin(x * length + shift)) for x in range(0, WIDTH * FINER + 9, 8)
        ]
        fill = _mix(_mix(PAPER, tone, 0.25), tone, step / steps)
        draw.polygon([*edge, (WIDTH * FINER, HEIGHT * FINER), (0, HEIGHT * FINER)], fill=fill)
    x, y, r = chance.uniform(0.6, 0.85) * WIDTH * FINER, 62 * FINER, 34 * FINER
    draw.ellipse((x - r, y - r, x + r, y + r), fill=AMBER)


def _terraces(draw: ImageDraw.ImageDraw, chance: Random, tone: Colour) -> None:
    columns = 9
    wide = WIDTH * FINER / columns
    marked = chance.randrange(3, columns - 1)
    for column in range(columns):
        high = HEIGHT * FINER * (0.18 + 0.6 * column / columns + chance.uniform(-0.06, 0.06))
        fill = AMBER if column == marked else _mix(PAPER, tone, 0.35 + 0.6 * column / columns)
        left = column * wide + 4 * FINER
        draw.rectangle((left, HEIGHT * FINER - high, left + wide - 8 * FINER, HEIGHT * FINER), fill)


def _dials(draw: ImageDraw.ImageDraw, chance: Random, tone: Colour) -> None:
    x, y = WIDTH * FINER * chance.uniform(0.3, 0.7), HEIGHT * FINER * 0.92
    for ring in range(7, 0, -1):
        r = ring * 46 * FINER
        fill = _mix(PAPER, tone, 0.95 - 0.12 * ring)
        draw.pieslice((x - r, y - r, x + r, y + r), 180, 360, fill=fill)
    angle = math.radians(chance.uniform(205, 335))
    for width, colour in ((14 * FINER, AMBER),):
        tip = (x + math.cos(angle) * 300 * FINER, y + math.sin(angle) * 300 * FINER)
        draw.line((x, y, *tip), fill=colour, width=width)
    draw.ellipse((x - 30 * FINER, y - 30 * FINER, x + 30 * FINER, y + 30 * FINER), fill=INK)


def passwords() -> bytes:
    """Return the picture of how long passwords hold: four bars on a rule of powers of ten."""
    picture, draw = _canvas()
    floor, unit = 310 * FINER, 24 * FINER
    for power in range(0, 12):
        y = floor - power * unit
        draw.line((60 * FINER, y, 600 * FINER, y), fill=LINE, width=FINER)
    for column, high in enumerate((2.0, 4.5, 8.0, 10.5)):
        left = (100 + column * 130) * FINER
        fill = AMBER if column == 3 else INK
        draw.rectangle((left, floor - high * unit, left + 80 * FINER, floor), fill=fill)
        for dot in range((8, 10, 12, 4)[column]):
            wide = 22 if column == 3 else 6
            x = left + dot * wide * FINER
            box = (x, 322 * FINER, x + (wide - 4) * FINER, 332 * FINER)
            draw.rectangle(box, fill=fill)
    draw.line((60 * FINER, floor, 600 * FINER, floor), fill=INK, width=2 * FINER)
    return _png(picture)


def plan() -> bytes:
    """Return a plan of one floor with the ways out, as it hangs in a corridor."""
    picture, draw = _canvas()
    wall = 4 * FINER

    def box(*corners: int, fill: Colour = WHITE) -> None:
        draw.rectangle([corner * FINER for corner in corners], fill=fill, outline=INK, width=wall)

    box(30, 40, 610, 320)
    for left in (30, 175, 320, 465):
        box(left, 40, left + 145, 150)
    box(30, 215, 250, 320)
    box(250, 215, 610, 320)
    for left in (30, 550):
        for step in range(6):
            x = (left + step * 10) * FINER
            draw.line((x, 154 * FINER, x, 211 * FINER), fill=LINE, width=2 * FINER)
    for door in (95, 240, 385, 530):
        draw.line((door * FINER, 150 * FINER, (door + 28) * FINER, 150 * FINER), WHITE, wall + 2)
        _arrow(draw, (door + 14, 120), (door + 14, 176))
    for begin, end in (((310, 190), (110, 190)), ((330, 190), (530, 190))):
        _arrow(draw, begin, end)
    draw.rectangle([v * FINER for v in (313, 196, 327, 211)], fill=(163, 39, 29))
    return _png(picture)


def _arrow(draw: ImageDraw.ImageDraw, begin: tuple[int, int], end: tuple[int, int]) -> None:
    (x1, y1), (x2, y2) = begin, end
    draw.line([v * FINER for v in (x1, y1, x2, y2)], fill=GREEN, width=5 * FINER)
    angle = math.atan2(y2 - y1, x2 - x1)
    wings = [
        (x2 - 16 * math.cos(angle + turn), y2 - 16 * math.sin(angle + turn)) for turn in (0.5, -0.5)
    ]
    draw.polygon([(x * FINER, y * FINER) for x, y in [(x2, y2), *wings]], fill=GREEN)


DRAWINGS = {"passwords": passwords, "plan": plan}
