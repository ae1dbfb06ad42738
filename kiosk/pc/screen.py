#!/usr/bin/python3
"""The one program of a kiosk or display PC: starts the screen and Chromium, and watches over them.

systemd runs it as the user ``motcua-screen`` on the virtual terminal 7 (motcua-screen.service). It
needs nothing but Debian's python3. The server's token goes from its file to the server and comes
back as a cookie; it is in no command line, no address and no history.

It talks to Chromium over a pipe (the DevTools protocol), so no port is open:

- Chromium ended or its page hangs: it is started anew; after several quick ends with a new profile;
- the server is not there: a page of this PC says so, and the screen comes as soon as it answers;
- anything but the screen is shown: back to the screen.
"""

from __future__ import annotations

import ctypes
import html.parser
import http.cookiejar
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from pathlib import Path

SETTINGS = Path(os.environ.get("MOTCUA_SCREEN_SETTINGS", "/etc/motcua-screen/screen.conf"))
TOKEN = SETTINGS.with_name("token")
HERE = Path(__file__).resolve().parent

LOOK_S = 2.0
"""Between two looks at the page."""
ANSWER_S = 10.0
"""Chromium must answer within this time; a page that does not three times in a row hangs."""
MISSES = 3
START_S = 150.0
"""A slow PC may take so long until Chromium answers for the first time."""
ASTRAY_S = 60.0
"""Another page of the server may be shown for so long, for example the form for the token."""
OFFLINE_AFTER_S = 20.0
"""Without the server for so long, a kiosk that has been there shows what it kept."""
QUICK_S, QUICK_ENDS = 60.0, 4
"""Ended so often within so short a time, Chromium gets a new profile."""
CACHE_BYTES = 150_000_000
PIPE = (3, 4)
"""Where Chromium reads and writes with --remote-debugging-pipe."""
XORG = "/usr/lib/xorg/Xorg"

SWITCHES = (
    "--kiosk",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--hide-crash-restore-bubble",
    "--password-store=basic",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-component-update",
    "--check-for-update-interval=31536000",
    f"--disk-cache-size={CACHE_BYTES}",
    "--autoplay-policy=no-user-gesture-required",
    "--remote-debugging-pipe",
    "--ozone-platform=x11",
    "--window-position=0,0",
)

QUIET = """
for (const kind of ["contextmenu", "dragstart", "auxclick"])
  addEventListener(kind, (event) => event.preventDefault(), { capture: true });
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || /^F\\d/.test(event.key))
    event.preventDefault();
}, { capture: true });
addEventListener("wheel", (event) => event.ctrlKey && event.preventDefault(),
  { capture: true, passive: false });
"""
"""In every page: no menu on a long press, nothing dragged away, no key of the browser's own."""


class Gone(Exception):
    """Chromium does not answer."""


def main() -> None:
    """Run the screen until systemd ends it."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    settings = read_settings(SETTINGS.read_text("utf-8"))
    reserve()
    started: list[subprocess.Popen[bytes]] = []
    browser = None
    try:
        started = start_display(settings)
        notify("READY=1")
        sound(settings)
        ends: list[float] = []
        while True:
            home = Path.home() / "chromium"
            if len(ends) >= QUICK_ENDS:
                say("Chromium ends again and again: it gets a new profile")
                ends.clear()
                shutil.rmtree(home, ignore_errors=True)
            began = time.monotonic()
            browser = Browser(settings, home)
            why = Watch(settings, browser).until_it_fails()
            browser.close()
            say(f"Chromium is started anew: {why}")
            quick = time.monotonic() - began < QUICK_S
            ends = [*ends, began] if quick else []
            time.sleep(min(1 + len(ends), 5))
            if any(program.poll() is not None for program in started):
                sys.exit("the screen itself has ended")
    finally:
        if browser:
            browser.close()
        for program in reversed(started):
            end(program)


def read_settings(text: str) -> dict[str, str]:
    """``NAME=value``, a line each; ``#`` begins a remark."""
    lines = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in lines if name.strip()}


def address(settings: dict[str, str]) -> str:
    """The page this screen shows."""
    return f"{settings['SERVER'].rstrip('/')}/{settings['SCREEN']}/{settings['OFFICE']}"


def start_display(settings: dict[str, str]) -> list[subprocess.Popen[bytes]]:
    """The X server and the window manager; nothing when there is a display already (a test)."""
    programs = []
    if "DISPLAY" not in os.environ:
        told, tell = os.pipe()
        programs.append(
            start(
                [
                    XORG, "vt7", "-keeptty", "-nocursor", "-noreset",
                    "-nolisten", "tcp", "-displayfd", str(tell),
                ],
                pass_fds=(tell,),
            )
        )  # fmt: skip
        os.close(tell)
        number = display_number(told)
        os.close(told)
        if not number:
            sys.exit("the X server did not start: see /var/lib/motcua-screen/.local/share/xorg")
        os.environ["DISPLAY"] = f":{number}"
        arrange(settings)
    programs.append(start(["openbox", "--config-file", str(HERE / "openbox.xml")]))
    return programs


def display_number(told: int) -> str:
    """What the X server tells when it is ready, a line; empty when it is not within a minute."""
    heard, until = b"", time.monotonic() + 60
    # Read to the end of the line: a server that cannot write all of it ends.
    while not heard.endswith(b"\n"):
        if not select.select([told], [], [], max(0, until - time.monotonic()))[0]:
            return ""
        piece = os.read(told, 16)
        if not piece:
            return ""
        heard += piece
    return heard.decode().strip()


def arrange(settings: dict[str, str]) -> None:
    """Every screen that is plugged in shows the same, turned as it hangs; none ever sleeps."""
    for command in ("xset s off", "xset s noblank", "xset -dpms", "xsetroot -solid #f4f4f2"):
        run(command.split())
    told = subprocess.run(["xrandr", "--query"], capture_output=True, text=True).stdout
    outputs = [line.split()[0] for line in told.splitlines() if " connected" in line]
    command = ["xrandr"]
    for output in outputs:
        command += ["--output", output, "--auto", "--rotate", settings.get("ROTATE", "normal")]
        command += ["--primary"] if output == outputs[0] else ["--same-as", outputs[0]]
    if outputs:
        run(command)


def sound(settings: dict[str, str]) -> None:
    """The loudspeaker's volume, and which one. A kiosk has none."""
    if settings["SCREEN"] != "display" or not shutil.which("pactl"):
        return
    for _ in range(20):
        if run(["pactl", "info"]) == 0:
            break
        time.sleep(0.5)
    told = subprocess.run(["pactl", "list", "short", "sinks"], capture_output=True, text=True)
    sinks = [line.split("\t")[1] for line in told.stdout.splitlines() if "\t" in line]
    say(f"loudspeakers here: {', '.join(sinks) or 'none'}")
    wish = settings.get("SOUND", "")
    for sink in sinks:
        if wish and wish in sink:
            run(["pactl", "set-default-sink", sink])
    for sink in sinks:
        run(["pactl", "set-sink-mute", sink, "0"])
        run(["pactl", "set-sink-volume", sink, f"{settings.get('VOLUME', '80')}%"])


def forget_zoom(preferences: Path) -> None:
    """A page that was once made larger or smaller has its own size again."""
    try:
        kept = json.loads(preferences.read_text("utf-8"))
        if kept.get("partition", {}).pop("per_host_zoom_levels", None):
            preferences.write_text(json.dumps(kept), "utf-8")
    except (OSError, ValueError, AttributeError):
        return  # a new profile, or one that Chromium itself will mend


class Browser:
    """One Chromium, and the pipe to it."""

    def __init__(self, settings: dict[str, str], home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        # A lock of a PC that lost its power, or of another name, would keep Chromium from starting.
        for lock in home.glob("Singleton*"):
            lock.unlink(missing_ok=True)
        forget_zoom(home / "Default" / "Preferences")
        from_us, self._to = os.pipe()
        self._from, to_us = os.pipe()
        os.set_blocking(self._from, False)
        self.waiting = f"file://{HERE}/waiting.html#" + urllib.parse.quote(settings["SERVER"])
        command = [settings.get("CHROMIUM", "chromium"), *SWITCHES, f"--user-data-dir={home}"]
        command += settings.get("MORE_SWITCHES", "").split()
        for number, own in zip(PIPE, (from_us, to_us), strict=True):
            os.dup2(own, number)
            os.close(own)
        self.program = start([*command, self.waiting], pass_fds=PIPE)
        reserve()
        self._heard = b""
        self._count = 0
        self._session: str | None = None
        self._page: str | None = None

    def pages(self) -> list[dict[str, str]]:
        """What is open, tabs and windows."""
        found = self._ask("Target.getTargets")["targetInfos"]
        return [target for target in found if target["type"] == "page"]

    def use_page(self) -> None:
        """Hold on to the first page; close what else is open."""
        pages = self.pages()
        if not pages:
            raise Gone("no page is open")
        ours = next((page for page in pages if page["targetId"] == self._page), pages[0])
        for page in pages:
            if page is not ours:
                self._ask("Target.closeTarget", targetId=page["targetId"])
        if self._page != ours["targetId"] or self._session is None:
            told = self._ask("Target.attachToTarget", targetId=ours["targetId"], flatten=True)
            self._page, self._session = ours["targetId"], told["sessionId"]
            self._ask("Page.enable", page=True)
            self._ask("Inspector.enable", page=True)  # says when the page crashes
            self._ask("Page.addScriptToEvaluateOnNewDocument", page=True, source=QUIET)

    def where(self) -> str:
        """The address of what is shown, asked of the page itself, so that a hanging one is seen."""
        told = self._ask("Runtime.evaluate", page=True, expression="location.href")
        return str(told.get("result", {}).get("value", ""))

    def go(self, to: str) -> None:
        """Show another address."""
        self._ask("Page.navigate", page=True, url=to)

    def keep(self, cookies: list[dict[str, object]]) -> None:
        """Take over cookies."""
        self._ask("Storage.setCookies", cookies=cookies)

    def close(self) -> None:
        """End Chromium and everything it started."""
        end(self.program)
        for pipe in (self._to, self._from):
            with suppress(OSError):
                os.close(pipe)

    def _ask(self, method: str, page: bool = False, **values: object) -> dict:
        self._count += 1
        message: dict[str, object] = {"id": self._count, "method": method, "params": values}
        if page and self._session:
            message["sessionId"] = self._session
        try:
            os.write(self._to, json.dumps(message).encode() + b"\0")
        except OSError as error:
            raise Gone(f"it has ended ({error.strerror})") from error
        until = time.monotonic() + ANSWER_S
        while time.monotonic() < until:
            answer = self._answer()
            if answer is None:
                if self.program.poll() is not None:
                    raise Gone(f"it has ended (code {self.program.returncode})")
                select.select([self._from], [], [], 0.5)
            elif answer.get("method") == "Inspector.targetCrashed":
                raise Gone("its page has crashed")
            elif answer.get("id") == self._count:
                if "error" in answer:
                    raise Gone(f"{method}: {answer['error'].get('message')}")
                return answer.get("result", {})
        raise Gone(f"{method} was not answered in {ANSWER_S:.0f} s")

    def _answer(self) -> dict | None:
        """The next message of Chromium; none when there is none yet."""
        try:
            while b"\0" not in self._heard:
                piece = os.read(self._from, 1 << 16)
                if not piece:
                    raise Gone("it has ended")
                self._heard += piece
        except BlockingIOError:
            return None
        message, _, self._heard = self._heard.partition(b"\0")
        return json.loads(message)


class Watch:
    """What is shown, looked at every two seconds."""

    def __init__(self, settings: dict[str, str], browser: Browser) -> None:
        self.settings, self.browser = settings, browser
        self.target = address(settings)
        self.began = self.last_there = time.monotonic()
        self.misses = 0
        self.answered = False
        self.enrolled = settings["SCREEN"] != "kiosk" and not TOKEN.exists()
        self.kept_tried = False

    def until_it_fails(self) -> str:
        """Look after the page; the reason why it cannot go on."""
        while True:
            try:
                self.look()
                self.misses, self.answered = 0, True
                notify("WATCHDOG=1")
            except Gone as gone:
                self.misses += 1
                ended = self.browser.program.poll() is not None
                if self.answered:
                    patient = self.misses < MISSES
                else:
                    patient = time.monotonic() - self.began < START_S
                if ended or "crashed" in str(gone) or not patient:
                    return str(gone)
            time.sleep(LOOK_S)

    def look(self) -> None:
        """One look; brings the screen back where it is not shown."""
        self.browser.use_page()
        shown, now = self.browser.where(), time.monotonic()
        if shown.split("?")[0].split("#")[0].rstrip("/") == self.target:
            self.last_there = now
            if not self.enrolled and self.answers():
                self.enrol()
            return
        if shown.startswith(self.settings["SERVER"]) and now - self.last_there < ASTRAY_S:
            return
        if self.answers():
            self.enrol()
            self.browser.go(self.target)
            self.kept_tried = False
        elif not shown.startswith("file:"):
            self.browser.go(self.browser.waiting)
        elif (
            self.settings["SCREEN"] == "kiosk"
            and not self.kept_tried
            and now - self.began > OFFLINE_AFTER_S
        ):
            self.kept_tried = True
            self.browser.go(self.target)

    def answers(self) -> bool:
        """Whether the server is there."""
        try:
            with urllib.request.urlopen(f"{self.settings['SERVER']}/healthz", timeout=3):
                return True
        except (OSError, ValueError):
            return False

    def enrol(self) -> None:
        """Make this browser the kiosk or the display that the token belongs to."""
        if self.enrolled:
            return
        try:
            secret = TOKEN.read_text("utf-8").strip()
        except OSError:
            say("no token: this kiosk gives out no numbers until one is entered")
            self.enrolled = True
            return
        try:
            self.browser.keep(cookies_for(self.target, secret))
            self.enrolled = True
            say("the server knows this screen by its token")
            self.browser.go(self.target)
        except PermissionError as error:
            say(str(error))
            self.enrolled = True
        except (OSError, ValueError) as error:
            say(f"not enrolled yet: {error}")


class _Form(html.parser.HTMLParser):
    """Finds the hidden field of the form for the token."""

    csrf = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "input" and named.get("name") == "csrf_token":
            self.csrf = named.get("value") or ""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def cookies_for(target: str, secret: str) -> list[dict[str, object]]:
    """Enter the token in the form ``target``/device; the cookies a browser would have got.

    Raises ``PermissionError`` when the server refuses the token, ``OSError`` when it is not there.
    """
    jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(strict_ns_domain=0))
    client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), _Stay)
    form = _Form()
    with client.open(f"{target}/device", timeout=10) as answer:
        form.feed(answer.read().decode())
    entered = urllib.parse.urlencode({"token": secret, "csrf_token": form.csrf}).encode()
    request = urllib.request.Request(f"{target}/device", entered, {"Referer": f"{target}/device"})
    try:
        client.open(request, timeout=10)
        raise PermissionError("the server answered the token without taking it")
    except urllib.error.HTTPError as answer:
        if answer.code == 422:
            raise PermissionError(
                "the server refuses the token: make a new one with `motcua device add`"
            ) from None
        if answer.code not in (302, 303):
            raise OSError(f"the server answered {answer.code}") from None
    return [
        {
            "name": cookie.name,
            "value": cookie.value or "",
            "url": target,
            "path": cookie.path,
            "httpOnly": True,
            "secure": cookie.secure,
            "sameSite": "Strict",
            "expires": cookie.expires,
        }
        for cookie in jar
        if cookie.expires  # the one that stays; the form's own ends with it
    ]


def start(command: list[str], pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """A program in a group of its own that ends when this one does."""
    libc = ctypes.CDLL(None)
    on_the_terminal = command[0] == XORG
    return subprocess.Popen(
        command,
        preexec_fn=lambda: libc.prctl(1, signal.SIGTERM),  # PR_SET_PDEATHSIG
        start_new_session=not on_the_terminal,
        pass_fds=pass_fds,
        stdin=None if on_the_terminal else subprocess.DEVNULL,
    )


def reserve() -> None:
    """Keep the numbers 3 and 4 free: Chromium expects its pipe there."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in PIPE:
        if number != nothing:
            os.dup2(nothing, number)


def end(program: subprocess.Popen[bytes]) -> None:
    """End a program and what it started, kindly at first."""
    if program.poll() is None:
        program.terminate()
        with suppress(subprocess.TimeoutExpired):
            program.wait(5)
    # Also what it left behind, such as pages that hang.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        program.kill()
    with suppress(subprocess.TimeoutExpired):
        program.wait(5)


def run(command: list[str]) -> int:
    """A small command; what it says goes to the journal."""
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, timeout=15).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        say(f"{command[0]}: {error}")
        return 1


def notify(message: str) -> None:
    """Tell systemd (sd_notify)."""
    place = os.environ.get("NOTIFY_SOCKET")
    if place:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.connect("\0" + place[1:] if place.startswith("@") else place)
            told.send(message.encode())


def say(words: str) -> None:
    """A line for the journal: ``journalctl -t motcua-screen``."""
    print(words, flush=True)


def _stop(*_: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
