"""Scores the dump of `waymark exam simulate --dump FILE` again, from its forms, keys and answers alone, and must agree exactly.

Usage: score_dump.py FILE [BANK.csv]: with a bank, the keys are read from its column `correct` instead of the dump.
Standard library only. Knows choice items, all or nothing; pretest items, cut, scale and sections.
"""
import csv
import json
import sys
from fractions import Fraction


def half_up(x):
    return (2 * x.numerator + x.denominator) // (2 * x.denominator)


def scaled(points, needed, most, scale, passed):
    low, cut, high = scale["min"], scale["cut"], scale["max"]
    if points >= needed:
        share = (points - needed) / (most - needed) if most > needed else Fraction(1)
        value = half_up(cut + share * (high - cut))
    else:
        value = half_up(low + points / needed * (cut - low))
    return max(value, cut) if passed else min(value, cut - 1)


def letters(bank):
    with open(bank, encoding="utf-8", newline="") as file:
        return {row["id"]: {"abcdefghijklmnopqrstuvwxyz"[int(n)] for n in row["correct"].split(";")} for row in csv.DictReader(file)}


def rescore(line, known):
    points, sections = 0, []
    for number, position in enumerate(line["form"]["positions"], 1):
        if position.get("unscored"):
            continue
        options = dict(position["choice"]["options"])
        chosen = {options[handle] for handle in line["responses"].get(str(number), [])}
        key = known[position["slug"]] if known else set(line["keys"][str(number)]["options"])
        right = int(chosen == key)
        points += right
        if not sections or sections[-1][0] != position["section"]:
            sections.append([position["section"], 0, 0])
        sections[-1][1] += right
        sections[-1][2] += 1
    most = sum(of for _, _, of in sections)
    told = line["score"]["summary"]
    cut = told["cut"]
    needed = Fraction(cut["points"]) if "points" in cut else Fraction(cut["percent"]) * most / 100
    passed = points >= needed
    mine = {"points": str(points), "max": str(most), "passed": passed, "sections": sections}
    theirs = {"points": told["points"], "max": told["max"], "passed": told["passed"],
              "sections": [[s["section"], s["right"], s["of"]] for s in told["sections"]]}
    if "scaled" in told:
        mine["scaled"] = scaled(Fraction(points), needed, Fraction(most), told["scaled"], passed)
        theirs["scaled"] = told["scaled"]["score"]
    return mine, theirs


def main(dump, bank=None):
    known = letters(bank) if bank else None
    agree = 0
    with open(dump, encoding="utf-8") as file:
        next(file)
        for text in file:
            line = json.loads(text)
            mine, theirs = rescore(line, known)
            if mine != theirs:
                print(f"attempt {line['attempt']}: {mine} here, {theirs} there", file=sys.stderr)
                return 1
            agree += 1
    print(json.dumps({"agree": agree}))
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
