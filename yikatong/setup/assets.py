"""Copies the few front-end files that are used from node_modules to where the pages and the PDFs find them.

`.yk/static/vendor` is served; `.yk/fonts` is for typst. The licences go with their files.
"""

from __future__ import annotations

import hashlib
import re
import shutil

from yikatong.basics.refused import Refused
from yikatong.setup.places import MADE, ROOT

VENDOR = MADE / "static" / "vendor"
FONTS = MADE / "fonts"
MODULES = ROOT / "node_modules"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": VENDOR / "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": VENDOR / "tabler.min.js",
    "htmx.org/dist/htmx.min.js": VENDOR / "htmx.min.js",
    "echarts/dist/echarts.min.js": VENDOR / "echarts.min.js",
    "htmx.org/LICENSE": VENDOR / "htmx.LICENSE",
    "echarts/LICENSE": VENDOR / "echarts.LICENSE",
    "echarts/NOTICE": VENDOR / "echarts.NOTICE",
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": FONTS / "NotoSansSC-Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": FONTS / "NotoSansSC-Bold.ttf",
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": FONTS / "NotoSansSC.LICENSE",
}
SOURCE_MAP = re.compile(rb"\s*(/\*|//)# sourceMappingURL=\S+(\s*\*/)?\s*\Z")
AXE = MODULES / "axe-core" / "axe.min.js"  # only the tests use it
SOURCES = (MADE / "static", ROOT / "yikatong")
COLLECTED = MADE / "static-root" / ".collected"


def place() -> int | Refused:
    """Copy what is missing or differs; returns how many files were written. Refused: front-end files not installed."""
    written = 0
    for name, target in FILES.items():
        source = MODULES / name
        if not source.exists():
            return Refused(
                "setup.front_end",
                f"缺少前端文件 node_modules/{name}。请用 ./yk 运行命令，它会安装；或者执行 npm ci。",
                f"The front-end file node_modules/{name} is missing. Run the command by ./yk, which installs it, "
                "or run npm ci.",
            )
        if target.exists() and int(target.stat().st_mtime) == int(source.stat().st_mtime):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(target.name + ".new")
        if source.suffix in {".css", ".js"}:
            # The source maps are not copied, and collectstatic stops at a file that names one.
            beside.write_bytes(SOURCE_MAP.sub(b"", source.read_bytes()))
        else:
            shutil.copyfile(source, beside)
        shutil.copystat(source, beside)
        beside.replace(target)
        written += 1
    return written


def collected() -> bool:
    """Whether the collected static files are those of the sources as they stand."""
    return COLLECTED.exists() and COLLECTED.read_text() == _fingerprint()


def note_collected() -> None:
    """Remember what has just been collected."""
    COLLECTED.write_text(_fingerprint())


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in SOURCES:
        for path in sorted(source.rglob("static/**/*") if source.name == "yikatong" else source.rglob("*")):
            if path.is_file():
                status = path.stat()
                digest.update(f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
