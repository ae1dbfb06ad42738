// The desk: one clerk, one counter, all day. Holds the state, turns keys and clicks into presses.
import { html, useEffect, useMemo, useRef, useState } from "preact";
import { t } from "motcua/words.js";
import { serverNow } from "motcua/time.js";
import { mine, mustOpen, possible, STEPS } from "./acts.js";
import { problemOf } from "./answers.js";
import { Bar } from "./bar.js";
import { CallNext } from "./call_next.js";
import { Current } from "./current.js";
import { actOf, keyFor, listen } from "./keys.js";
import { Loading, Offline, Refused, Taken } from "./moments.js";
import { printerTrouble, serviceNames, step } from "./naming.js";
import { Icon, Press } from "./parts.js";
import { presses } from "./presses.js";
import { Away, Others, Queue } from "./queue.js";
import { parkReasons, ParkPanel, PausePanel, pauseReasons } from "./reasons.js";
import { keepKeys, ShortcutsPanel, wantsKeys } from "./shortcuts.js";
import { Today } from "./today.js";
import { transferChoices, TransferPanel } from "./transfer.js";
import { LastPress } from "./undo.js";

/** How long the pushed state may take after a press before the desk asks for it, milliseconds. */
const PUSH_MS = 400;

/**
 * @param counter id of the counter
 * @param me sign-in name of the clerk, myName what colleagues call them
 * @param open (handlers) -> {sync(), stop()}: begins to watch the counter
 * @param send see presses.js
 */
export function Desk({ counter, number, me, myName, open, send }) {
  const [state, setState] = useState(null);
  const [connected, setConnected] = useState(true);
  const [busy, setBusy] = useState(null);
  const [refusal, setRefusal] = useState(null);
  const [panel, setPanel] = useState(null);
  const [notice, setNotice] = useState(null);
  const [problem, setProblem] = useState(null);
  const [keysOn, setKeysOn] = useState(wantsKeys);
  const live = useRef({ sync() {}, stop() {} });
  const revision = useRef(-1);
  const line = useMemo(() => presses(send, setBusy), [send]);

  useEffect(() => {
    live.current = open({
      onState(fresh, at) {
        revision.current = at;
        // Durations count from the moment this was heard, by the server's clock.
        setState({ ...fresh, heard: performance.now() });
        setRefusal(null);
      },
      onConnection: setConnected,
      onError: setRefusal,
    });
    return () => live.current.stop();
  }, [open]);

  const can = connected && !refusal ? possible(state, me, state ? serverNow(state, state.heard) : 0) : { shortcuts: true };
  const ticket = state?.current;

  /** Send a press; resolves to its answer when it worked, to null when it did not. */
  async function press(act, path, body) {
    setProblem(null);
    setNotice(null);
    setPanel(null);
    const answer = await line.press(act, path, body);
    if (!answer) return null; // another press is under way
    const trouble = problemOf(answer, counter);
    if (trouble) setProblem(trouble);
    // Normally the new state is here before the answer. Events are hints; this is the question.
    const wanted = trouble ? Infinity : (answer.body?.revision ?? 0);
    setTimeout(() => revision.current < wanted && live.current.sync(), trouble ? 0 : PUSH_MS);
    return trouble || answer.unsure ? null : answer;
  }

  const opened = () => press("open", `/counters/${counter}/open`);
  const stepped = (act, body) => press(act, `/tickets/${ticket.id}/${act}`, body);

  async function callNext() {
    if (mustOpen(state, me) && !(await opened())) return;
    const answer = await press("call-next", `/counters/${counter}/call-next`);
    if (answer?.status === 204) setNotice(t("Nobody is waiting."));
  }

  async function call(chosen) {
    if (mustOpen(state, me) && !(await opened())) return;
    await press("call", `/tickets/${chosen.id}/call`, { counter });
  }

  const acts = {
    "call-next": callNext,
    undo: () => press("undo", `/counters/${counter}/undo`),
    open: opened,
    pause: () => setPanel("pause"),
    park: () => setPanel("park"),
    transfer: () => setPanel("transfer"),
    shortcuts: () => setPanel("shortcuts"),
    queue: () => document.querySelector(".rows-queue .row-act")?.focus(),
    back: () => {
      const first = document.querySelector(".rows-away .row-back");
      first?.closest("details").setAttribute("open", "");
      first?.focus();
    },
  };

  function act(wish) {
    if (line.busy()) return;
    if (!can[wish]) setNotice(connected ? t("This is not possible right now.") : null);
    else (acts[wish] ?? (() => stepped(wish)))();
  }

  /** What a key chooses in the panel that is open. */
  function choose(key) {
    const digit = Number(key);
    const reasons = panel === "park" ? parkReasons(state) : pauseReasons();
    if (panel === "transfer") {
      const service = transferChoices(state).get(key);
      if (service) transfer(service);
    } else if (panel === "park" && digit && reasons[digit - 1]) {
      park(reasons[digit - 1].sent);
    } else if (panel === "pause" && key === "0") {
      close();
    } else if (panel === "pause" && digit && reasons[digit - 1]) {
      pause(reasons[digit - 1].sent);
    }
  }

  const transfer = (service) => stepped("transfer", { service });
  const park = (reason) => stepped("park", { reason });
  const pause = (reason) => press("pause", `/counters/${counter}/pause`, { reason });
  const close = () => press("close", `/counters/${counter}/close`);

  const onKey = useRef();
  onKey.current = (key) => {
    if (panel) return choose(key);
    const wish = actOf(key);
    if (wish) act(wish);
    return Boolean(wish);
  };
  const listening = useRef();
  listening.current = keysOn;
  useEffect(() => listen(document, (key) => onKey.current(key), () => listening.current), []);

  // A panel about the person in front closes when somebody else stands there.
  useEffect(() => {
    if (panel === "park" || panel === "transfer") setPanel(null);
  }, [ticket?.id, ticket?.status]);
  useEffect(() => {
    if (state) document.title = windowTitle(state);
  }, [state]);

  if (!state) {
    return html`<${Loading} counter=${counter} number=${number} connected=${connected} refusal=${refusal} />`;
  }
  const names = serviceNames(state);
  const here = mine(state, me);
  const trouble = printerTrouble(state.printer);
  const common = { can: connected && !refusal && here, onCall: call };
  return html`<div class=${`desk ${connected ? "" : "desk-offline"}`}>
    <${Bar} state=${state} myName=${myName} can=${can} busy=${busy} onAct=${act} />
    <div class="lines">
      ${!connected && html`<${Offline} />`}
      ${refusal && html`<${Refused} counter=${counter} refusal=${refusal} />`}
      ${trouble && html`<p class="line line-amber" role="status"><${Icon} name="printer" />${trouble}</p>`}
    </div>
    <main class="work">
      ${here
        ? html`<${Current} key=${ticket?.id ?? state.counter.status} state=${state} names=${names} />`
        : html`<${Taken} state=${state} can=${can} busy=${busy} onAct=${act} />`}
      <section class="controls" aria-label=${t("Calling and serving")}>
        <${CallNext} state=${state} can=${can["call-next"]} busy=${busy} onAct=${act} />
        <div class="steps">
          ${STEPS.map(
            (name) =>
              html`<${Press}
                key=${name}
                act=${name}
                look=${`press-step ${name === "serve" && ticket?.status === "called" ? "press-likely" : ""}`}
                icon=${step(name).icon}
                words=${step(name).words}
                keys=${keyFor(name)}
                can=${Boolean(can[name])}
                busy=${busy === name}
                onPress=${act}
              />`,
          )}
        </div>
      </section>
      <${LastPress}
        state=${state}
        can=${common.can}
        busy=${busy}
        notice=${notice}
        problem=${problem}
        onUndo=${() => act("undo")}
        onDismiss=${() => setProblem(null)}
      />
      <${Today} state=${state} />
    </main>
    <aside class="side" aria-label=${t("Who waits")}>
      <${Queue} state=${state} names=${names} ...${common} />
      <div class="folds">
        ${["parked", "missed"].map(
          (kind) =>
            html`<${Away}
              key=${kind}
              kind=${kind}
              state=${state}
              names=${names}
              ...${common}
              onBack=${(ticket) => press("resume", `/tickets/${ticket.id}/resume`)}
            />`,
        )}
        <${Others} state=${state} />
      </div>
    </aside>
    ${panel === "transfer" &&
    ticket &&
    html`<${TransferPanel} state=${state} onChoose=${transfer} onClose=${() => setPanel(null)} />`}
    ${panel === "park" &&
    ticket &&
    html`<${ParkPanel} state=${state} onChoose=${park} onClose=${() => setPanel(null)} />`}
    ${panel === "pause" &&
    html`<${PausePanel}
      state=${state}
      onChoose=${pause}
      onCloseCounter=${close}
      onClose=${() => setPanel(null)}
    />`}
    ${panel === "shortcuts" &&
    html`<${ShortcutsPanel}
      wanted=${keysOn}
      onWanted=${(wanted) => {
        keepKeys(wanted);
        setKeysOn(wanted);
      }}
      onClose=${() => setPanel(null)}
    />`}
  </div>`;
}

/** What the browser's tab says, for a clerk who works in another window. */
function windowTitle({ current, waiting, counter }) {
  const place = t("Counter %(number)s", { number: counter.number });
  return current ? `${current.number} · ${place}` : `(${waiting}) ${place}`;
}
