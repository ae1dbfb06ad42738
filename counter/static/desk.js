// The desk: one clerk, one counter, all day. Turns keys and clicks into presses, lays out the page.
import { html, useEffect, useLayoutEffect, useRef, useState } from "preact";
import { t } from "motcua/words.js";
import { serverNow } from "motcua/time.js";
import { mine, mustOpen, possible, STEPS } from "./acts.js";
import { Bar } from "./bar.js";
import { CallNext } from "./call_next.js";
import { Current } from "./current.js";
import { LazyWork, Strip, useDossiers } from "./dossiers/door.js";
import { actOf, keyFor, listen } from "./keys.js";
import { Loading, Offline, Refused, Taken } from "./moments.js";
import { serviceNames, step } from "./naming.js";
import { Icon, Press } from "./parts.js";
import { usePressing } from "./pressing.js";
import { Away, Others, Queue } from "./queue.js";
import { parkReasons, ParkPanel, PausePanel, pauseReasons } from "./reasons.js";
import { CardRead, ticketActs, TicketPanel } from "./scanned.js";
import { useCard, useScanner } from "./scanning.js";
import { keepKeys, ShortcutsPanel, wantsKeys } from "./shortcuts.js";
import { Slips } from "./slips.js";
import { Today } from "./today.js";
import { transferChoices, TransferPanel } from "./transfer.js";
import { LastPress } from "./undo.js";
import { useWatching } from "./watching.js";

/** What needs no answer of the server and no person in front: done even while a press is under way. */
const AT_ONCE = new Set(["shortcuts", "pause", "queue", "back", "receive", "dossiers"]);

/**
 * @param counter id of the counter
 * @param me sign-in name of the clerk, myName what colleagues call them
 * @param corrects whether the clerk may correct what was recorded of dossiers
 * @param open (handlers) -> {sync(), stop()}: begins to watch the counter
 * @param send see presses.js
 */
export function Desk({ counter, number, me, myName, corrects, open, send }) {
  const watching = useWatching(open);
  const { state, connected, refusal } = watching;
  const pressing = usePressing(counter, send, watching);
  const { busy, say } = pressing;
  const [panel, setPanel] = useState(null);
  const [keysOn, setKeysOn] = useState(wantsKeys);
  const works = connected && !refusal;
  const now = state ? serverNow(state, state.heard) : 0;
  const can = works ? possible(state, me, now) : { shortcuts: true };
  const ticket = state?.current;
  const card = useCard(ticket?.id);
  const [found, setFound] = useState(null); // a scanned slip's ticket
  const dossiers = useDossiers(counter, me, state);

  function press(act, path, body) {
    setPanel(null);
    return pressing.press(act, path, body);
  }

  const opened = () => press("open", `/counters/${counter}/open`);
  const stepped = (act, body) => press(act, `/tickets/${ticket.id}/${act}`, body);

  async function callNext() {
    if (mustOpen(state, me) && !(await opened())) return;
    const answer = await press("call-next", `/counters/${counter}/call-next`);
    if (answer?.status === 204) say(t("Nobody is waiting."));
  }

  async function call(chosen) {
    if (mustOpen(state, me) && !(await opened())) return;
    await press("call", `/tickets/${chosen.id}/call`, { counter });
  }

  useScanner(state?.office.slug, () => panel !== null, {
    ticket(scanned) {
      if (scanned.id === ticket?.id) return say(t("%(number)s is at this counter.", { number: scanned.number }));
      setFound(scanned);
      return setPanel("found");
    },
    async dossier(code) {
      if (panel) setPanel(null);
      const opened = await dossiers.scanned(code);
      if (opened && (!ticket || ticket.dossier_code === code)) return null;
      if (!ticket || !works) {
        return say(t("Dossier %(code)s: call the number first, then scan it again.", { code }));
      }
      const { number } = ticket;
      const answer = await stepped("dossier", { dossier_code: code });
      return answer && say(t("Dossier %(code)s is noted for %(number)s.", { code, number }));
    },
    card: card.keep,
    unknown: say,
  });

  function actOnFound(wish) {
    if (wish === "call") call(found);
    else press("resume", `/tickets/${found.id}/resume`);
  }

  const acts = {
    "call-next": callNext,
    undo: () => press("undo", `/counters/${counter}/undo`),
    open: opened,
    receive: () => dossiers.go({ view: "receive" }),
    dossiers: () => dossiers.go({ view: "list" }),
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

  const latest = useRef();
  function act(wish) {
    if (busy && !AT_ONCE.has(wish)) return pressing.later(wish, () => latest.current(wish));
    if (!can[wish]) return say(connected ? t("This is not possible right now.") : null);
    return (acts[wish] ?? (() => stepped(wish)))();
  }
  latest.current = act;

  /** What a key chooses in the panel that is open. */
  function choose(key) {
    const digit = Number(key);
    const reasons = panel === "park" ? parkReasons(state) : pauseReasons();
    if (panel === "transfer") {
      const service = transferChoices(state).get(key);
      if (service) transfer(service);
    } else if (panel === "park" && digit && reasons[digit - 1]) {
      park(reasons[digit - 1].sent);
    } else if (panel === "found") {
      const wish = ticketActs(found)[digit - 1];
      if (wish && works && mine(state, me)) actOnFound(wish);
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
  // In the dossier work keys write; what calls and sends away there is pressed on purpose.
  listening.current = keysOn && (!dossiers.at || panel !== null);
  useEffect(() => listen(document, (key) => onKey.current(key), () => listening.current), []);

  // A panel about the person in front closes when somebody else stands there: at once, so that it
  // never closes the panel of a key that was pressed as soon as the new person was shown.
  useLayoutEffect(() => {
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
  const common = { can: works && here, onCall: call };
  const working = {
    slug: state.office.slug,
    timezone: state.office.timezone,
    counter,
    corrects,
    ticket,
    card: card.fields,
    forgetCard: card.forget,
    send,
    onChanged: dossiers.refresh,
  };
  return html`<div class=${`desk ${connected ? "" : "desk-offline"} ${dossiers.at ? "desk-dossiers" : ""}`}>
    <${Bar} state=${state} myName=${myName} can=${can} busy=${busy} onAct=${act} />
    <div class="lines">
      ${!connected && html`<${Offline} />`}
      ${refusal && html`<${Refused} counter=${counter} refusal=${refusal} />`}
      <${Slips} state=${state} can=${works} press=${press} />
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
        notice=${pressing.notice}
        problem=${pressing.problem}
        slow=${pressing.slow}
        onUndo=${() => act("undo")}
        onDismiss=${pressing.dismiss}
      />
      ${dossiers.at &&
      html`<${LazyWork}
        at=${dossiers.at}
        desk=${working}
        drafting=${dossiers.drafting}
        rows=${dossiers.visit}
        last=${dossiers.last}
        onReceived=${dossiers.received}
        onGo=${dossiers.go}
        onClose=${dossiers.close}
      />`}
      ${!dossiers.at &&
      html`${card.fields
          ? html`<${CardRead} fields=${card.fields} onForget=${card.forget} />`
          : html`<${Today} state=${state} />`}
        <${Strip}
          rows=${dossiers.visit}
          can=${can}
          onAct=${act}
          onShow=${(code) => dossiers.go({ view: "dossier", code })}
        />`}
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
    ${panel === "found" &&
    html`<${TicketPanel}
      found=${found}
      names=${names}
      can=${common.can}
      onAct=${actOnFound}
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
