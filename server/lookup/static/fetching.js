/* Asks the server for a page, with the patience that a phone's network needs. */

const PATIENCE_MS = 8000;

/** What the server answers as a document; refused when it is none of ours. */
export function load(address, more) {
  const limit = window.AbortController ? new AbortController() : null;
  const patience = setTimeout(() => limit && limit.abort(), PATIENCE_MS);
  const request = { headers: { Accept: "text/html" }, cache: "no-store", credentials: "same-origin" };
  if (limit) request.signal = limit.signal;
  return fetch(address, Object.assign(request, more))
    .then((answer) => {
      if (!answer.ok && answer.status !== 404 && answer.status !== 409) {
        throw new Error(String(answer.status));
      }
      return answer.text();
    })
    .then((text) => {
      clearTimeout(patience);
      // Its style has another nonce than this document's, and is the same anyway.
      const bare = text.replace(/<style[^]*?<\/style>/g, "");
      const fresh = new DOMParser().parseFromString(bare, "text/html");
      // A café's sign-in page also answers 200.
      if (!fresh.getElementById("page")) throw new Error("not this page");
      return fresh;
    });
}
