"""Makes the README's picture from the running program: python .readme/picture.py."""

import asyncio
import re
import tempfile
from pathlib import Path

from csc_tui.base import bootstrap
from csc_tui.core.demo import database
from csc_tui.window.app import CscApp

MOMENT = "2017-06-12T09:00"


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        location = str(Path(folder) / "csc.db")
        database.create_demo(location, today=MOMENT)
        app = CscApp(bootstrap.create_context(location, actor="priya", today=MOMENT), location)
        async with app.run_test(size=(100, 28)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            picture = app.export_screenshot(title="csc")
    # Textual's fonts lie on a server of somebody else's; the reader's own monospace font will do.
    picture = re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL).replace("Fira Code", "monospace")
    Path(__file__).with_name("window.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
