"""Runs MiniStack until whoever holds the other end of standard input is gone, however it went."""

import os
import subprocess
import sys
import threading

from ministack.app import main

# The Lambda workers are in our group and would otherwise stay, and the last of them must be gone before the
# folder they write to can go: only somebody outside the group can see to both.
CLEAN_UP = """
import os, shutil, signal, sys, time
group, folder = int(sys.argv[1]), sys.argv[2]
os.killpg(group, signal.SIGKILL)
give_up = time.monotonic() + 5
while os.path.exists(folder) and time.monotonic() < give_up:
    shutil.rmtree(folder, ignore_errors=True)
"""


def end_with_parent():
    while os.read(0, 4096):
        pass
    arguments = [str(os.getpgid(0)), os.environ["TMPDIR"]]
    subprocess.Popen([sys.executable, "-c", CLEAN_UP, *arguments], stdin=subprocess.DEVNULL, start_new_session=True)


threading.Thread(target=end_with_parent, daemon=True).start()
main()
