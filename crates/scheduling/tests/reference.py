#!/usr/bin/env python3
"""Counts slots minute by minute, without a thought for speed, and prints what `reference.txt` holds.

Independent of the crate in language, time zone library and method: every minute of the year is asked what the clock on
the wall shows, blocks are found among the answers, and steps are counted from their beginnings.
Run it by hand: python3 crates/scheduling/tests/reference.py > crates/scheduling/tests/reference.txt
"""

from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = [
    "Africa/Cairo", "America/Adak", "America/New_York", "America/Santiago", "America/St_Johns", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Europe/Dublin", "Europe/Paris", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati",
]
# Minutes of the day; the last ends on the next day.
BLOCKS = [(0, 210), (7 * 60 + 30, 12 * 60), (13 * 60 + 15, 18 * 60 + 5), (22 * 60 + 30, 24 * 60 + 100)]
LENGTH = STEP = 25
FIRST, DAYS = date(2028, 1, 1), 366


def wall_of_every_minute(zone):
    walls = defaultdict(list)
    minute = datetime(FIRST.year, 1, 1, tzinfo=timezone.utc) - timedelta(days=3)
    end = minute + timedelta(days=DAYS + 6)
    while minute < end:
        local = minute.astimezone(zone)
        walls[local.date()].append((local.hour * 60 + local.minute, int(minute.timestamp()) // 60))
        minute += timedelta(minutes=1)
    return walls


def beginning(walls, day, wall):
    return min(minute for shown, minute in walls[day] if shown >= wall)


def ending(walls, day, wall):
    if wall > 24 * 60:
        return ending(walls, day + timedelta(days=1), wall - 24 * 60)
    before = [minute for shown, minute in walls[day] if shown < wall]
    return max(before) + 1 if before else min(minute for _, minute in walls[day])


def starts_of(zone):
    walls = wall_of_every_minute(ZoneInfo(zone))
    pieces = []
    for ahead in range(-1, DAYS + 1):
        day = FIRST + timedelta(days=ahead)
        for begins, ends in BLOCKS:
            pieces.append((beginning(walls, day, begins), ending(walls, day, ends)))
    open_minutes = set()
    for begins, ends in pieces:
        open_minutes.update(range(begins, ends))
    counts, starts = [], set()
    for begins, ends in pieces:
        for start in range(begins, ends, STEP):
            if all(minute in open_minutes for minute in range(start, start + LENGTH)):
                starts.add(start)
    of_day = defaultdict(int)
    for day, minutes in walls.items():
        for _, minute in minutes:
            of_day[day] += minute in starts
    counts = [of_day[FIRST + timedelta(days=ahead)] for ahead in range(DAYS)]
    inside = beginning(walls, FIRST, 0), beginning(walls, FIRST + timedelta(days=DAYS), 0)
    mixed = 0
    for start in sorted(start for start in starts if inside[0] <= start < inside[1]):
        mixed = (mixed * 31 + start) % 2**64
    return counts, mixed


for name in ZONES:
    counts, mixed = starts_of(name)
    print(name, mixed, ",".join(map(str, counts)))
