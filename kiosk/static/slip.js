/* Follows a slip until the printer has confirmed it, or could not. */
import { watch } from "motcua/live.js";

const POLL_MS = 1000;
const POLLS = 15;
const PATIENCE_MS = 6000;

/**
 * Tell `onSlip` what became of a ticket and its slip: `{stage, reasons, ticket}`, where stage is
 * - `printing`: still hoping;
 * - `photograph`: the printer cannot, or has not said so in time: show the code instead;
 * - `printed`: it is in the tray. May still come after `photograph`.
 * The live connection says it at once; asking each second helps where it is lost.
 * @returns {() => void} ends it
 */
export function followSlip(token, onSlip) {
  let polls = 0;
  let late = false;
  let stopped = false;
  let last = { state: "pending", reasons: [] };
  let told = "";
  let ticket = null;

  const judge = () => {
    const news = { stage: stage(last, late), reasons: reasonsOf(last), ticket };
    const words = JSON.stringify(news);
    if (words !== told) onSlip(news);
    told = words;
  };
  const seen = (state) => {
    ticket = state;
    last = state.slip;
    if (["printed", "failed", "unknown"].includes(last?.state)) clearInterval(poll);
    judge();
  };
  const socket = watch({ view: "ticket", token }, { onState: seen, onQueue() {}, onConnection() {} });
  const poll = setInterval(async () => {
    polls += 1;
    if (polls >= POLLS) clearInterval(poll);
    const state = await ask(token);
    if (state && !stopped) seen(state);
  }, POLL_MS);
  const patience = setTimeout(() => {
    late = true;
    judge();
  }, PATIENCE_MS);

  return () => {
    stopped = true;
    clearInterval(poll);
    clearTimeout(patience);
    socket.stop();
  };
}

/** What keeps the printer from printing; paper that will soon end does not. */
function reasonsOf(slip) {
  if (!slip) return ["no-printer"];
  return slip.reasons.filter((reason) => reason !== "paper-near-end");
}

function stage(slip, late) {
  if (slip?.state === "printed") return "printed";
  const hopeless = ["failed", "unknown", "cancelled"].includes(slip?.state);
  return hopeless || late || reasonsOf(slip).length ? "photograph" : "printing";
}

async function ask(token) {
  try {
    const answer = await fetch(`/api/v1/tickets/${token}`, { signal: AbortSignal.timeout(POLL_MS) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
