// What an answer of the API means for the clerk: nothing, or words and perhaps a way on.
import { t } from "motcua/words.js";

/**
 * @param answer {status, body, unsure} as presses.js gives it
 * @returns null when the press worked, else {detail, href, link}
 */
export function problemOf(answer, counter) {
  const { status, body, unsure } = answer;
  if (unsure || (status >= 200 && status < 300)) return null;
  if (status === 0) {
    return {
      detail: t("No answer from the server. Look at what is shown before you press again."),
    };
  }
  const detail = body?.detail || t("That did not work. Please try again.");
  if (status === 401) {
    return { detail, href: `/counter/?counter=${counter}`, link: t("Sign in") };
  }
  if (status === 400) return { detail, href: `/counter/${counter}`, link: t("Load again") };
  return { detail };
}
