"""Writes to the terminal at once as long as it takes what is written, and from a thread when it stalls."""

import os
import threading


class TerminalOutput:
    """Opens the terminal a second time, without waiting, so that a stalled line never holds up the keys.

    Textual hands every picture to a thread, which then has to wait until the other one lets go of the interpreter: a
    third of the time of a key.
    """

    def __init__(self, descriptor: int) -> None:
        """Open the terminal of `descriptor`. Raises OSError where it cannot be opened again, as after `su`."""
        self._descriptor = descriptor
        self._quick = os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        self._waiting = bytearray()
        self._changed = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None

    def write(self, data: bytes) -> None:
        """Write, or keep for the thread what the terminal does not take now; a terminal that is gone takes nothing."""
        with self._changed:
            if not self._waiting:
                try:
                    data = data[os.write(self._quick, data) :]
                except BlockingIOError:
                    pass
                except OSError:
                    return
            if data:
                self._waiting += data
                if self._thread is None:
                    self._thread = threading.Thread(target=self._write_waiting, name="stalled-output", daemon=True)
                    self._thread.start()
                self._changed.notify()

    def close(self) -> None:
        """Write what waits, and close."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
        os.close(self._quick)

    def _write_waiting(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                piece = bytes(self._waiting[:4096])
            if not piece:
                return
            try:
                written = os.write(self._descriptor, piece)  # waits for the terminal
            except OSError:
                return  # it is gone, and the program ends
            with self._changed:
                del self._waiting[:written]
