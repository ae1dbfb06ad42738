"""The emulator's tests are there only where a Python can run it: see ``pytest_report_header``."""

from tests.hardware.emulator import new_python

collect_ignore = [] if new_python() else ["test_emulator.py"]
