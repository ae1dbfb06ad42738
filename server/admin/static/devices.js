// The devices of a hall: slips to look after first, then printers, then all that stands there.
import { html, render, useEffect, useState } from "preact";
import { ask, Refusal } from "motcua/api.js";
import { icon } from "motcua/icon.js";
import { watch } from "motcua/live.js";
import { printerTrouble, slipReasons, slipWords } from "motcua/printing.js";
import { serverNow } from "motcua/time.js";
import { loadWords, t, tn } from "motcua/words.js";

const place = document.getElementById("devices");
const office = place.dataset.office;

function Devices({ first }) {
  const [state, setState] = useState({ ...first, heard: performance.now() });
  const [connected, setConnected] = useState(true);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState("");
  useEffect(() => {
    const live = watch(
      { view: "devices", office },
      {
        onState: (fresh) => setState({ ...fresh, heard: performance.now() }),
        onConnection: setConnected,
        onError: () => location.reload(), // the sign-in has ended
      },
    );
    return () => live.stop();
  }, []);

  async function press(path) {
    if (busy) return;
    setBusy(path);
    setProblem("");
    try {
      await ask("POST", path, { body: {} });
    } catch (error) {
      setProblem(error instanceof Refusal ? error.detail : t("The server does not answer. Please try again."));
    }
    setBusy("");
  }
  const act = { press, busy, can: connected };
  return html`
    ${!connected && html`<p class="said said-bad" role="status">${icon("wifi-off")} ${t("No connection to the server. What you see may be old.")}</p>`}
    ${problem && html`<p class="said said-bad" role="alert">${icon("triangle-alert")} ${problem}</p>`}
    <${Doubts} state=${state} ...${act} />
    <${Printers} state=${state} ...${act} />
    <${Others} state=${state} />
    <${Latest} state=${state} ...${act} />
  `;
}

/** Slips that may be missing: the one thing here that somebody waits for. */
function Doubts({ state, press, busy, can }) {
  if (!state.slips.length) return null;
  return html`<section class="doubts" aria-labelledby="doubts-title">
    <h2 id="doubts-title">${icon("triangle-alert")} ${t("Slips to look after")}</h2>
    <ul class="rows">
      ${state.slips.map(
        (slip) => html`<li key=${slip.id} class="row">
          <${SlipWords} slip=${slip} state=${state} />
          <span class="row-acts">
            ${slip.state === "held"
              ? html`<span class="row-note">${t("It goes on by itself when the printer is well again.")}</span>`
              : html`<${Act} path=${`/print-jobs/${slip.id}/reprint`} icon="printer" words=${t("Print again")} look="button-primary" ...${{ press, busy, can }} />`}
            ${slip.state !== "failed" &&
            html`<${Act} path=${`/print-jobs/${slip.id}/confirm`} icon="check" words=${t("The slip is here")} ...${{ press, busy, can }} />`}
            ${slip.state !== "held" &&
            html`<${Act} path=${`/print-jobs/${slip.id}/cancel`} icon="x" words=${t("Not needed")} ...${{ press, busy, can }} />`}
          </span>
        </li>`,
      )}
    </ul>
  </section>`;
}

function Printers({ state, press, busy, can }) {
  return html`<section aria-labelledby="printers-title">
    <h2 id="printers-title">${t("Slip printers")}</h2>
    ${!state.printers.length && html`<p class="nothing">${icon("info")} ${t("This hall has no printer. Numbers appear on the kiosk's screen only.")}</p>`}
    <ul class="cards">
      ${state.printers.map((printer) => {
        const trouble = printerTrouble(printer);
        const low = printer.condition === "paper-near-end";
        const look = printer.condition === "unknown" ? "unsure" : trouble ? (low ? "low" : "bad") : "good";
        return html`<li key=${printer.id} class=${`card card-${look}`}>
          <h3>${icon("printer")} ${printer.name}</h3>
          <p class="card-state" role="status">
            ${icon({ good: "check", low: "info", bad: "triangle-alert", unsure: "circle-help" }[look])}
            <span>${trouble || (look === "unsure" ? t("Nobody has asked this printer yet.") : t("Ready to print"))}</span>
          </p>
          <dl>
            ${printer.condition_at && html`<div><dt>${t("Since")}</dt><dd>${moment(printer.condition_at, state)}</dd></div>`}
            <div><dt>${t("Slips waiting")}</dt><dd>${printer.jobs_waiting}</dd></div>
            <div><dt>${t("Prints")}</dt><dd>${printer.agent ? t("the computer %(name)s beside it", { name: printer.agent.name }) : t("this server")}</dd></div>
            <div><dt>${t("Address")}</dt><dd><code>${printer.agent?.said.printer ?? printer.uri}</code></dd></div>
            <div><dt>${t("Paper")}</dt><dd>${t("%(width)s mm", { width: printer.paper_mm })}</dd></div>
            ${printer.detail && html`<div><dt>${t("It said")}</dt><dd lang="en">${printer.detail}</dd></div>`}
          </dl>
          <${Act} path=${`/printers/${printer.id}/test`} icon="file-check" words=${t("Print a test slip")} ...${{ press, busy, can }} />
        </li>`;
      })}
    </ul>
  </section>`;
}

function Others({ state }) {
  const kinds = { kiosk: ["ticket", t("Kiosk")], display: ["megaphone", t("Board")], agent: ["printer", t("Computer beside a printer")] };
  return html`<section aria-labelledby="others-title">
    <h2 id="others-title">${t("Kiosks, boards and printing computers")}</h2>
    ${!state.devices.length
      ? html`<p class="nothing">${icon("info")} <span>${t("No device has been added to this hall yet.")} <code>motcua device add</code></span></p>`
      : html`<table class="listing">
          <thead>
            <tr><th scope="col">${t("Device")}</th><th scope="col">${t("State")}</th><th scope="col">${t("Last seen")}</th><th scope="col">${t("What it says of itself")}</th></tr>
          </thead>
          <tbody>
            ${state.devices.map(
              (device) => html`<tr key=${device.id}>
                <th scope="row">${icon(kinds[device.kind][0])} <span>${device.name} <small>${kinds[device.kind][1]}</small></span></th>
                <td>${
                  device.alive
                    ? html`<span class="alive">${icon("check")} ${t("is there")}</span>`
                    : html`<span class=${device.seen_at ? "silent" : "unseen"}>${icon(device.seen_at ? "triangle-alert" : "circle-help")} ${device.seen_at ? t("silent") : t("never seen")}</span>`
                }</td>
                <td>${device.seen_at ? moment(device.seen_at, state) : "–"}</td>
                <td lang="en">${Object.values(device.said).join(" · ")}${device.printer ? ` → ${device.printer}` : ""}</td>
              </tr>`,
            )}
          </tbody>
        </table>`}
  </section>`;
}

function Latest({ state, press, busy, can }) {
  if (!state.latest.length) return null;
  return html`<section aria-labelledby="latest-title">
    <h2 id="latest-title">${t("Latest slips")}</h2>
    <ul class="rows rows-quiet">
      ${state.latest.map(
        (slip) => html`<li key=${slip.id} class="row">
          <${SlipWords} slip=${slip} state=${state} />
          <span class="row-acts">
            ${["printed", "failed", "unknown", "cancelled"].includes(slip.state) &&
            html`<${Act} path=${`/print-jobs/${slip.id}/reprint`} icon="rotate-ccw" words=${t("Print again")} look="button-quiet" ...${{ press, busy, can }} />`}
          </span>
        </li>`,
      )}
    </ul>
  </section>`;
}

function SlipWords({ slip, state }) {
  const why = slipReasons(slip);
  return html`<span class="row-words">
    <b class="row-number">${slip.number ?? slip.dossier ?? t("Test slip")}</b>
    <span class=${`slip-state slip-${slip.state}`}>${slipWords(slip)}</span>
    ${why && html`<span class="row-why">${why}</span>`}
    ${slip.reprint && html`<span class="row-why">${t("printed again")}</span>`}
    <span class="row-when">${moment(slip.at, state)} · ${slip.printer}</span>
  </span>`;
}

function Act({ path, icon: name, words, look = "", press, busy, can }) {
  return html`<button type="button" class=${`button ${look}`} disabled=${!can} aria-busy=${busy === path ? "true" : undefined} onClick=${() => press(path)}>
    ${icon(name)} ${words}
  </button>`;
}

/** A moment by the hall's clock: "just now", minutes, the time, or day and time. */
function moment(iso, state) {
  const then = Date.parse(iso);
  const minutes = Math.floor((serverNow(state, state.heard) - then) / 60000);
  if (minutes < 1) return t("just now");
  if (minutes < 60) return tn("%(count)s minute ago", "%(count)s minutes ago", minutes, { count: minutes });
  const clock = { timeZone: state.office.timezone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const day = minutes < 24 * 60 ? {} : { day: "2-digit", month: "2-digit" };
  return new Intl.DateTimeFormat("vi", { ...clock, ...day }).format(then);
}

const first = JSON.parse(document.getElementById("state").textContent);
await loadWords(document.documentElement.lang);
place.replaceChildren();
render(html`<${Devices} first=${first} />`, place);
