/** The foot: notices (or that the connection is lost), people waiting, the clock. */
import { html } from "preact";
import { Icon } from "motcua/icon.js";

import { day, time } from "./clock.js";
import { SaidInAll } from "./say.js";
import { Ticker } from "./ticker.js";

export function Foot({ state, now, lostSince }) {
  const { office, ticker, waiting } = state;
  const zone = office.timezone;
  return html`<footer class="foot">
    ${lostSince === null
      ? html`<${Ticker} notices=${ticker} languages=${office.languages} />`
      : html`<p class="lost" role="alert">
          <${Icon} name="wifi-off" />
          <span>
            <${SaidInAll}
              id="No connection since %(time)s. What is shown may be out of date."
              params=${{ time: time(lostSince, zone) }}
            />
          </span>
        </p>`}
    <p class="waiting">
      <b class="waiting-count">${waiting}</b>
      <span class="waiting-words"><${SaidInAll} id="waiting" /></span>
    </p>
    <p class="clock">
      <time class="clock-time">${time(now, zone)}</time>
      <span class="clock-day" lang=${office.languages[0]}>${day(now, zone)}</span>
    </p>
  </footer>`;
}
