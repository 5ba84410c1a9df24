"""Cuts the two fonts here from the full ones. Needs Python 3 and fonttools 4.

usage: python subset.py FOLDER     # FOLDER holds 400Regular/NotoSansJP_400Regular.ttf and 700Bold/NotoSansJP_700Bold.ttf,
                                   # as in the npm package @expo-google-fonts/noto-sans-jp 0.4.3

Kept: all of JIS X 0208 (6,355 kanji, kana, symbols), Latin, circled digits, and kanji of names that JIS X 0208 lacks.
"""

import subprocess
import sys

NAME_KANJI = "髙﨑邉邊濵栁德增瀨橫淸渡彅塚祐館靑隆吉𠮷朗琢凛凜裵曽槇晴礼辻葛樋飯嶋寬緖戾曾遙堯櫻澤齋藤濱廣國龍瀧眞惠榮靜壽圓島嶌祥福都杉賴"


def wanted() -> set[int]:
    points = set(map(ord, NAME_KANJI))
    for row in range(1, 95):
        for cell in range(1, 95):
            try:
                points |= set(map(ord, bytes([0xA0 + row, 0xA0 + cell]).decode("euc_jp")))
            except UnicodeDecodeError:
                pass
    for first, last in [(0x20, 0x7E), (0xA0, 0x17F), (0x1EA0, 0x1EF9), (0x3040, 0x30FF), (0x2010, 0x2027),
                        (0xFF01, 0xFF9E), (0x31F0, 0x31FF), (0x2460, 0x2473), (0x2160, 0x216B)]:
        points |= set(range(first, last + 1))
    return points | set(map(ord, "€™←↑→↓−✓✔〒㈱㈲㋿〓〜―·•★☆№「　─"))


def main(folder: str) -> None:
    unicodes = ",".join(f"{p:04X}" for p in sorted(wanted()))
    for source, name in [("400Regular/NotoSansJP_400Regular.ttf", "Regular"), ("700Bold/NotoSansJP_700Bold.ttf", "Bold")]:
        subprocess.run(
            ["pyftsubset", f"{folder}/{source}", f"--unicodes={unicodes}", f"--output-file=NotoSansJP-{name}.ttf",
             "--layout-features=kern,palt,liga,ccmp,mark,mkmk,locl,tnum", "--no-hinting", "--name-IDs=*",
             "--drop-tables+=vhea,vmtx,VORG,DSIG"],
            check=True)


if __name__ == "__main__":
    main(sys.argv[1])
