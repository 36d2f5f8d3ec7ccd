"""Runs MiniStack until whoever holds the other end of standard input is gone, however it went."""

import os
import shutil
import signal
import threading

from ministack.app import main


def end_with_parent():
    while os.read(0, 4096):
        pass
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    # The Lambda workers are in our group and would otherwise stay.
    os.killpg(0, signal.SIGKILL)


threading.Thread(target=end_with_parent, daemon=True).start()
main()
