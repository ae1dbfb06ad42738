// The live state of this counter, and waiting for the state that a press led to.
import { useEffect, useMemo, useRef, useState } from "preact";

/** Keeps the newest revision and tells who waits for one. */
export function revisions() {
  let seen = -1;
  const waiting = new Set();
  return {
    seen: () => seen,
    heard(revision) {
      seen = revision;
      for (const one of waiting) if (revision >= one.wanted) one.done(true);
    },
    /** Resolves to whether revision `wanted` is here within `ms` milliseconds. */
    reached(wanted, ms) {
      if (seen >= wanted) return Promise.resolve(true);
      return new Promise((resolve) => {
        const timer = setTimeout(() => one.done(false), ms);
        const one = {
          wanted,
          done(here) {
            clearTimeout(timer);
            waiting.delete(one);
            resolve(here);
          },
        };
        waiting.add(one);
      });
    },
  };
}

/**
 * @param open (handlers) -> {sync(), stop()}: begins to watch the counter
 * @returns {state, connected, refusal, sync, newest}: `state.heard` is when it came, for the clocks;
 *   `refusal` is {error} when the sign-in no longer covers this counter
 */
export function useWatching(open) {
  const [state, setState] = useState(null);
  const [connected, setConnected] = useState(true);
  const [refusal, setRefusal] = useState(null);
  const newest = useMemo(revisions, []);
  const live = useRef();
  useEffect(() => {
    live.current = open({
      onState(fresh, revision) {
        setState({ ...fresh, heard: performance.now() });
        setRefusal(null);
        newest.heard(revision);
      },
      onConnection: setConnected,
      onError: setRefusal,
    });
    return () => live.current.stop();
  }, [open]);
  return { state, connected, refusal, newest, sync: () => live.current?.sync() };
}
