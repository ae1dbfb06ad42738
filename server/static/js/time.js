/* Time by the server's clock: a hall PC's own clock may be years off. */

/** The server's moment (milliseconds since 1970), from the `now` of a state heard at `heardAt`. */
export const serverNow = (state, heardAt = performance.now()) =>
  Date.parse(state.now) + (performance.now() - heardAt);
