// Words of the desk that depend on a code: priorities, steps.
import { name, t } from "motcua/words.js";

/** Why somebody goes first: icon and word, or null for nobody in particular. */
export function priority(code) {
  return {
    elderly: { icon: "person-standing", words: t("Elderly") },
    disability: { icon: "accessibility", words: t("Disability") },
    pregnancy: { icon: "heart-handshake", words: t("Pregnant") },
    small_child: { icon: "baby", words: t("Small child") },
    merit: { icon: "medal", words: t("Merit") },
    appointment: { icon: "calendar-check", words: t("Appointment") },
  }[code];
}

/** The language a citizen chose, where it is not the hall's first. */
export function citizenLanguage(code) {
  return { en: t("English"), km: t("Khmer") }[code] ?? "";
}

/** Button words of a step: what the clerk says has happened. */
export function step(act) {
  return {
    "call-next": { icon: "bell-ring", words: t("Call next") },
    serve: { icon: "user-check", words: t("Is here") },
    recall: { icon: "megaphone", words: t("Call again") },
    "no-show": { icon: "user-x", words: t("Not here") },
    park: { icon: "circle-parking", words: t("Set aside") },
    transfer: { icon: "arrow-right-left", words: t("Transfer") },
    finish: { icon: "check-check", words: t("Finish") },
    undo: { icon: "undo-2", words: t("Undo") },
    queue: { icon: "list", words: t("Choose from the queue") },
    back: { icon: "rotate-ccw", words: t("Set aside or missed: somebody is back") },
    receive: { icon: "plus", words: t("Receive a dossier") },
    dossiers: { icon: "search", words: t("Find a dossier") },
    pause: { icon: "coffee", words: t("Pause or close the counter") },
    open: { icon: "play", words: t("Open the counter") },
    shortcuts: { icon: "keyboard", words: t("This list") },
  }[act];
}

/** What the last press did, for the line with "Undo". */
export function pressed({ step: act, number }) {
  const words = {
    "call-next": t("%(number)s was called.", { number }),
    call: t("%(number)s was called.", { number }),
    serve: t("%(number)s is at the counter.", { number }),
    finish: t("%(number)s is finished.", { number }),
    "no-show": t("%(number)s was not here.", { number }),
    park: t("%(number)s was set aside.", { number }),
    transfer: t("%(number)s was transferred.", { number }),
    resume: t("%(number)s waits again.", { number }),
    cancel: t("%(number)s was cancelled.", { number }),
  };
  return words[act] ?? number;
}

/** Minutes in short, for lists: "12 min". */
export function minutesWords(count) {
  return count < 1 ? t("under 1 min") : t("%(n)s min", { n: count });
}

/** Names of the services by code, in the clerk's language. */
export function serviceNames(state) {
  return Object.fromEntries(state.services.map((service) => [service.code, name(service.names)]));
}

/** A reason to set somebody aside, said in the clerk's language where it is one of the usual. */
export function parkReason(state, reason) {
  const usual = state.parks.find((names) => Object.values(names).includes(reason));
  return usual ? name(usual) : (reason ?? "");
}
