/* The one thing this screen says at this moment: `{tone, icon, lead, title, note}`. */
import { name, t, tn } from "motcua/words.js";
import { statusTitle } from "./scanned.js";
import { todaysHours, whenWords } from "./when.js";

/**
 * @param {object} state the kiosk's state
 * @param {{lost: boolean, visit: object | null, language: string, sheet: object | null,
 *   service: object | undefined, idleLeft: number | null}} moment
 */
export function headline(state, moment) {
  const words = ofMoment(state, moment);
  if (moment.idleLeft === null) return words;
  const leaving = t("Back to the start in %(n)s seconds. Touch the screen to stay.", {
    n: moment.idleLeft,
  });
  return { ...words, leaving };
}

function ofMoment(state, { lost, visit, language, sheet, service }) {
  if (visit) return ofVisit(visit);
  if (sheet) return ofSheet(service, lost);
  if (lost) {
    return {
      tone: "lost",
      icon: "wifi-off",
      lead: t("No numbers at the moment"),
      title: t("No connection to the server"),
      note: t("Please wait a little or ask the staff. This screen comes back by itself."),
    };
  }
  if (!state.services.some((service) => service.open)) return ofRest(state, language);
  return {
    tone: "open",
    icon: "",
    lead: t("Welcome"),
    title: t("Please choose a service"),
    note: tn("%(n)s person is waiting", "%(n)s people are waiting", state.waiting),
  };
}

function ofRest(state, language) {
  const closed = state.services.every((service) => service.closed_because === "closed");
  const when = whenWords(nextOpening(state), state, language);
  const again = when ? t("Numbers are given out again at %(when)s.", { when }) : "";
  if (!closed) {
    return {
      tone: "closed",
      icon: "pause",
      lead: t("Please ask the staff"),
      title: t("No numbers at the moment"),
      note: again,
    };
  }
  const hours = state.closed_reason ? "" : todaysHours(state);
  return {
    tone: "closed",
    icon: "moon",
    lead: name(state.closed_reason) || t("Outside working hours"),
    title: when ? t("Open again at %(when)s", { when }) : t("Closed"),
    note: hours
      ? t("Hours today: %(hours)s", { hours })
      : t("Fees and papers to bring can be read here at any time."),
  };
}

function nextOpening(state) {
  const moments = state.services.map((service) => service.opens_at).filter(Boolean).sort();
  return moments[0] ?? state.opens_at;
}

function ofSheet(service, lost) {
  const tone = lost ? "lost" : "open";
  if (!service) return { tone, icon: "receipt", lead: "", title: t("Fee board"), note: "" };
  return { tone, icon: service.icon, lead: t("Papers and fees"), title: name(service.names), note: "" };
}

function ofVisit(visit) {
  const ready = { tone: "open", icon: "", lead: "", note: "" };
  switch (visit.step) {
    case "taking":
      if (!visit.slow) return { ...ready, title: t("Please wait") };
      return {
        ...ready,
        tone: "lost",
        icon: "wifi-off",
        lead: t("Please wait"),
        title: t("The server has not answered yet"),
        note: t("Your number appears here as soon as it does."),
      };
    case "issued":
      return { ...ready, ...ofSlip(visit.slip), lead: t("Your number") };
    case "refused":
      return { ...ready, icon: "info", title: t("No number was taken") };
    case "returned":
      return { ...ready, icon: "check", lead: t("Thank you"), title: t("You are back in the queue") };
    case "scan":
      return { ...ready, icon: "scan-line", title: t("Please scan your code or card") };
    case "reading":
      return { ...ready, title: t("Please wait") };
    case "status":
      return { ...ready, icon: "ticket", lead: t("Your number"), title: statusTitle(visit.ticket) };
    case "results":
      return { ...ready, icon: "file-check", lead: t("Return of results"), title: t("Results for your dossier") };
    case "unread":
      return { ...ready, icon: "info", title: t("This code was not understood") };
    default:
      return { ...ready, icon: "info", title: t("About your slip") };
  }
}

function ofSlip({ stage }) {
  if (stage === "printed") return { icon: "printer-check", title: t("Please take your slip") };
  if (stage === "printing") return { icon: "printer", title: t("Printing your slip") };
  return { icon: "qr-code", title: t("Please photograph this code") };
}
