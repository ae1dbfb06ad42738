"""The agent: takes slips from the server and gives them to one printer, each once.

Beside a kiosk it is a program of its own (``motcua agent``) that asks the server over HTTP
(``http``), is woken over Socket.IO (``waking``) and keeps what it was doing in one small file
(``memory``). For printers that the server reaches itself, the server runs the same task
(``task``) with its own database as the desk (``server.printing``).
"""

from hardware.agent.desk import Desk, Job, NotAccepted, Unreachable
from hardware.agent.memory import Memory
from hardware.agent.task import PrintingTask

__all__ = ["Desk", "Job", "Memory", "NotAccepted", "PrintingTask", "Unreachable"]
