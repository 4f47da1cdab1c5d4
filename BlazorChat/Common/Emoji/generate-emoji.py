#!/usr/bin/env python3
"""Writes wwwroot/emoji.txt from the data of Unicode and CLDR: the emoji that exist, their names and their order.

    apt-get install unicode-data unicode-cldr-core
    python3 BlazorChat/Common/Emoji/generate-emoji.py

A line is an emoji with its fields between tabs: the emoji; its skin tones ("t": the tone follows the first character; else the five
variants with spaces); short names besides the one that follows from the English name; English name; English words; Korean name;
Korean words. A line that begins with "=" begins a group. The lines of the group "other" are variants that only the server needs.
"""

import re
import unicodedata
import xml.etree.ElementTree as xml
from pathlib import Path

UNICODE = Path("/usr/share/unicode/emoji/emoji-test.txt")
CLDR = Path("/usr/share/unicode/cldr/common")
HERE = Path(__file__).parent
OUTPUT = HERE.parents[2] / "wwwroot" / "emoji.txt"

TONES = [chr(tone) for tone in range(0x1F3FB, 0x1F400)]
VARIATION = "\ufe0f"
GROUPS = {
    "Smileys & Emotion": "smileys",
    "People & Body": "people",
    "Animals & Nature": "nature",
    "Food & Drink": "food",
    "Travel & Places": "travel",
    "Activities": "activities",
    "Objects": "objects",
    "Symbols": "symbols",
    "Flags": "flags",
}
# Bytes of the words of an emoji in one language.
MAX_WORDS = 60


def read_emoji():
    """The fully qualified emoji with their groups, in Unicode's order."""
    group = None
    for line in UNICODE.read_text("utf-8").splitlines():
        if line.startswith("# group: "):
            group = GROUPS.get(line.removeprefix("# group: "))
        elif "; fully-qualified" in line and group is not None:
            points, rest = line.split(";", 1)
            name = re.match(r".*# \S+ E\d+\.\d+ (.*)", rest).group(1)
            yield "".join(chr(int(point, 16)) for point in points.split()), group, name


def read_names(language):
    """CLDR's names and words by emoji, which it writes without variation selectors."""
    names, words = {}, {}
    for folder in ("annotations", "annotationsDerived"):
        for element in xml.parse(CLDR / folder / f"{language}.xml").iter("annotation"):
            emoji = element.get("cp").replace(VARIATION, "")
            if element.get("type") == "tts":
                names.setdefault(emoji, element.text)
            else:
                words.setdefault(emoji, [word.strip() for word in element.text.split("|")])
    return names, words


def read_aliases():
    aliases = {}
    for line in (HERE / "short-names.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            emoji, *names = line.split()
            aliases[emoji.replace(VARIATION, "")] = names
    return aliases


def short_name(name):
    ascii_name = "".join(c for c in unicodedata.normalize("NFD", name) if unicodedata.category(c) != "Mn")
    return re.sub("[^a-z0-9]+", "_", ascii_name.lower()).strip("_")


def without_tones(emoji):
    return "".join(c for c in emoji if c not in TONES)


def toned(emoji, tone):
    """The variant in which the tone follows the first character."""
    return emoji[0] + tone + emoji[1:].removeprefix(VARIATION)


def same_tones(variants):
    """The five variants that have one tone only, by their tone."""
    found = []
    for tone in TONES:
        of_tone = [v for v in variants if set(v) & set(TONES) == {tone}]
        # The shorter one: a person, not two.
        found.append(min(of_tone, key=len) if of_tone else None)
    return found if all(found) else []


def choose_words(name, words):
    """The words that the name does not have, as many as fit."""
    chosen, size = [], 0
    for word in words:
        size += len(word.encode()) + 1
        if word.lower() in name.lower() or size > MAX_WORDS:
            continue
        chosen.append(word)
    return ",".join(chosen)


def main():
    all_emoji = list(read_emoji())
    bases = {}
    for emoji, group, name in all_emoji:
        if not set(emoji) & set(TONES):
            bases[emoji.replace(VARIATION, "")] = (emoji, group, name)
    variants = {}
    for emoji, _, _ in all_emoji:
        base = without_tones(emoji).replace(VARIATION, "")
        if set(emoji) & set(TONES):
            variants.setdefault(base, []).append(emoji)
    en_names, en_words = read_names("en")
    ko_names, ko_words = read_names("ko")
    aliases = read_aliases()
    lines, other, known_names, group = [], [], {}, None
    for key, (emoji, of_group, test_name) in bases.items():
        if of_group != group:
            group = of_group
            lines.append(f"={group}")
        of_base = variants.pop(key, [])
        same = same_tones(of_base)
        tones = "t" if same == [toned(emoji, tone) for tone in TONES] else " ".join(same)
        other.extend(variant for variant in of_base if variant not in same)
        en_name = en_names.get(key, test_name)
        ko_name = ko_names.get(key, "")
        # Flags and the variants of a person as a woman and a man are found by their names.
        has_words = group != "flags" and not any(sign in emoji[1:] for sign in "\u2640\u2642") and emoji[0] not in "\U0001F468\U0001F469"
        # Of two emoji whose names differ in signs only, the first one has the short name.
        known_names.setdefault(short_name(en_name), emoji)
        for name in aliases.get(key, []):
            if known_names.setdefault(name, emoji) != emoji:
                raise ValueError(f"Both {known_names[name]} and {emoji} are called {name}.")
        lines.append("\t".join([
            emoji,
            tones,
            " ".join(aliases.pop(key, [])),
            en_name,
            choose_words(en_name, en_words.get(key, [])) if has_words else "",
            ko_name,
            choose_words(ko_name, ko_words.get(key, [])) if has_words else "",
        ]).rstrip("\t"))
    # Variants whose base is another emoji, as of people who hold hands.
    other.extend(variant for of_base in variants.values() for variant in of_base)
    if aliases:
        raise ValueError(f"These are no emoji: {aliases}")
    lines.append("=other")
    lines.extend(" ".join(other[start:start + 20]) for start in range(0, len(other), 20))
    OUTPUT.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(bases)} emoji, {len(all_emoji)} with variants, {OUTPUT.stat().st_size} bytes")


main()
