/* Words for printers and slips, the same on every screen of the staff. */
import { t } from "motcua/words.js";

/** What is wrong with a printer `{condition}`, or "" when nothing is. */
export function printerTrouble(printer) {
  if (!printer || ["ok", "unknown"].includes(printer.condition)) return "";
  const words = {
    "paper-out": t("The slip printer is out of paper."),
    "paper-near-end": t("The slip printer is running out of paper."),
    "cover-open": t("The slip printer's cover is open."),
    offline: t("The slip printer does not answer."),
    timeout: t("The slip printer does not answer."),
    "agent-silent": t("The computer beside the slip printer does not answer."),
    rejected: t("What answers at the printer's address is no slip printer."),
  };
  return words[printer.condition] ?? t("The slip printer needs somebody to look at it.");
}

/** What became of a slip `{state}`, in a few words. */
export function slipWords({ state }) {
  return {
    pending: t("waits for the printer"),
    processing: t("is being printed"),
    held: t("stopped in the printer"),
    printed: t("printed"),
    failed: t("not printed"),
    unknown: t("may not have come out"),
    cancelled: t("called off"),
  }[state];
}

/** Why, as far as the printer or the server said; "" when there is no reason to give. */
export function slipReasons({ reasons }) {
  const words = {
    "paper-out": t("out of paper"),
    "cover-open": t("cover open"),
    offline: t("printer not reached"),
    timeout: t("printer silent"),
    rejected: t("no slip printer there"),
    undrawable: t("the slip itself is at fault"),
    lost: t("the computer beside the printer stopped"),
    "too-old": t("too late to be of use"),
    "not-needed": t("the number is over"),
  };
  return reasons.map((reason) => words[reason]).filter(Boolean).join(", ");
}
