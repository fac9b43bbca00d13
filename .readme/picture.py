"""Makes the README's picture from the running program: `python .readme/picture.py [FILE]`.

The window on the sample year, on the morning of 12 June 2017. It is the same picture wherever it is made;
`tests/architecture/test_readme.py` makes it anew and compares it with the one the README shows.
"""

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from csc_tui.base import bootstrap
from csc_tui.core.demo import database
from csc_tui.window.app import CscApp

MOMENT = "2017-06-12T09:00"
SIZE = (100, 28)
CALM = 3
"""So many looks in a row that find the window the same mean that all it reads is drawn."""


async def render_picture(folder: str) -> str:
    """Open the window on a sample database in the folder and return its picture as SVG."""
    location = str(Path(folder) / "csc.db")
    database.create_demo(location, today=MOMENT)
    app = CscApp(bootstrap.create_context(location, actor="priya", today=MOMENT), location)
    async with app.run_test(size=SIZE) as pilot:
        picture, calm = "", 0
        while calm < CALM:
            await app.workers.wait_for_complete()
            await pilot.pause()
            before, picture = picture, app.export_screenshot(title="csc")
            calm = calm + 1 if picture == before else 0
    # Textual's fonts lie on a server of somebody else's; the reader's own monospace font will do.
    return re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL).replace("Fira Code", "monospace")


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("window.svg")
    with tempfile.TemporaryDirectory() as folder:
        # Neither the settings of this machine nor its terminal may be seen in the picture.
        for name in ("CONFIG", "DATA", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = folder
        for name in ("NO_COLOR", "LC_ALL", "CSC_DB", "CSC_TODAY"):
            os.environ.pop(name, None)
        target.write_text(asyncio.run(render_picture(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
