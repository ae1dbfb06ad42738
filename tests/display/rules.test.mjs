// The board's pure rules, run by node; test_rules.py hands each result on to pytest.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, mock, test } from "node:test";

/** A module of display/static, loaded as the browser does: as an ES module, whatever its suffix. */
async function load(name) {
  const source = await readFile(new URL(`../../display/static/${name}`, import.meta.url));
  return import(`data:text/javascript;base64,${source.toString("base64")}`);
}

const { Announcer, HOLD_MS, LIMIT_MS, FRESH_MS } = await load("voice.js");
const { before, side, stage, LINGER_MS } = await load("scene.js");
const { offset, REACH_PX } = await load("drift.js");
const { againstWhite, deepen } = await load("contrast.js");

const NOW = Date.parse("2026-11-25T09:41:00+07:00");

function call(id, { number = `A${String(id).padStart(3, "0")}`, ago = 0, ...rest } = {}) {
  const called_at = new Date(NOW - ago).toISOString();
  return { id, number, counter: "1", status: "called", repeat: 0, called_at, ...rest };
}

/** A hall with a loudspeaker that says what it is told to, and finishes when it is told to. */
function hall() {
  const heard = [];
  const saying = [];
  const play = (one, { signal, brief }) => {
    heard.push(one.id);
    return new Promise((done, fail) => saying.push({ id: one.id, done, fail, signal, brief }));
  };
  const announcer = new Announcer({ play });
  const hear = (...calls) => announcer.hear(calls, NOW);
  /** Lets the present announcement end, and the time pass that it is shown at least. */
  const finish = async () => {
    saying.at(-1).done();
    mock.timers.tick(HOLD_MS);
    await settled();
  };
  return { announcer, heard, saying, hear, finish };
}

const settled = () => new Promise((done) => setImmediate(done));

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("a new call is announced once, however often the board is told of it", async () => {
  const { hear, heard, finish } = hall();
  hear(call(1));
  await settled();
  hear(call(1));
  await finish();
  hear(call(1));
  await settled();
  assert.deepEqual(heard, [1]);
});

test("calls are announced in the order they were made", async () => {
  const { hear, heard, finish } = hall();
  hear(call(3), call(2), call(1));
  await settled();
  for (let step = 0; step < 3; step += 1) await finish();
  assert.deepEqual(heard, [1, 2, 3]);
});

test("two calls in one second are both heard, one after the other", async () => {
  const { hear, heard, saying, finish } = hall();
  hear(call(1));
  hear(call(2), call(1));
  await settled();
  assert.deepEqual(heard, [1], "the second one waits");
  await finish();
  assert.deepEqual(heard, [1, 2]);
  assert.equal(saying.length, 2);
});

test("two calls at one counter in one second are both heard, though the first is finished", async () => {
  const { hear, heard, finish } = hall();
  hear(call(1));
  hear(call(3), call(2, { status: "done" }), call(1));
  await settled();
  for (let step = 0; step < 3; step += 1) await finish();
  assert.deepEqual(heard, [1, 2, 3]);
});

test("two are never announced at once, also when one is never finished", async () => {
  const { hear, heard } = hall();
  hear(call(3), call(2), call(1));
  mock.timers.tick(LIMIT_MS - 1);
  await settled();
  assert.deepEqual(heard, [1]);
});

test("a call made again while it waits is announced once, the newer for the older", async () => {
  const { hear, heard, finish } = hall();
  hear(call(1));
  hear(call(2), call(1));
  hear(call(3, { number: "A002", repeat: 1 }), call(1));
  await settled();
  for (let step = 0; step < 2; step += 1) await finish();
  assert.deepEqual(heard, [1, 3]);
});

test("a call made again while it is being said is said again afterwards", async () => {
  const { hear, heard, finish } = hall();
  hear(call(1));
  await settled();
  hear(call(2, { number: "A001", repeat: 1 }));
  await settled();
  assert.deepEqual(heard, [1], "it is not cut short");
  await finish();
  assert.deepEqual(heard, [1, 2]);
});

test("a call taken back while it waits is not announced", async () => {
  const { hear, heard, finish } = hall();
  hear(call(2), call(1));
  hear(call(1));
  await settled();
  await finish();
  assert.deepEqual(heard, [1]);
});

for (const status of ["parked", "no_show", "cancelled", "waiting"]) {
  test(`a call whose ticket became ${status} while it waits is not announced`, async () => {
    const { announcer, hear, heard, finish } = hall();
    hear(call(2), call(1));
    hear(call(2, { status }), call(1));
    await settled();
    await finish();
    assert.deepEqual(heard, [1]);
    assert.equal(announcer.shown([call(2, { status }), call(1)]).id, 1, "nor shown large");
  });
}

test("a call taken back while it is being said is cut short", async () => {
  const { announcer, hear, heard, saying } = hall();
  hear(call(2), call(1));
  await settled();
  hear(call(2));
  await settled();
  assert.ok(saying[0].signal.aborted);
  assert.deepEqual(heard, [1, 2]);
  assert.equal(announcer.current.id, 2);
});

test("after a reload only calls of the last ten seconds are announced", async () => {
  const { hear, heard, finish } = hall();
  hear(call(3, { ago: 2_000 }), call(2, { ago: FRESH_MS + 1 }), call(1, { ago: 60_000 }));
  await settled();
  await finish();
  assert.deepEqual(heard, [3]);
});

test("after a lost connection old calls stay unsaid, and the next one is heard", async () => {
  const { announcer, hear, heard, finish } = hall();
  hear(call(1));
  await settled();
  await finish();
  hear(call(3, { ago: 11_000 }), call(2, { ago: 30_000 }), call(1, { ago: 60_000 }));
  await settled();
  assert.deepEqual(heard, [1]);
  assert.equal(announcer.shown([call(3), call(2), call(1)]).id, 3, "but they are shown");
  hear(call(4), call(3, { ago: 12_000 }));
  await settled();
  assert.deepEqual(heard, [1, 4]);
});

test("a call that waits is not lost when it is made again during a lost connection", async () => {
  const { hear, heard, finish } = hall();
  hear(call(2), call(1));
  hear(call(3, { number: "A002", repeat: 1, ago: 15_000 }), call(1));
  await settled();
  await finish();
  assert.deepEqual(heard, [1, 3]);
});

test("the server's clock decides what is old, not this device's", async () => {
  const { announcer, heard } = hall();
  const hourAgo = NOW - 3_600_000; // the server's now, as far as the state tells
  announcer.hear([call(1, { ago: 3_600_000 + 5_000 })], hourAgo);
  await settled();
  assert.deepEqual(heard, [1]);
});

test("a player that never comes back is left behind after the limit", async () => {
  const { hear, heard, saying } = hall();
  hear(call(2), call(1));
  await settled();
  mock.timers.tick(LIMIT_MS);
  await settled();
  assert.deepEqual(heard, [1, 2]);
  assert.ok(saying[0].signal.aborted, "and told to be silent");
  assert.ok(!saying[1].signal.aborted);
});

test("a player that fails does not stop the next call", async () => {
  const { hear, heard, saying } = hall();
  hear(call(2), call(1));
  await settled();
  saying[0].fail(new Error("no device"));
  mock.timers.tick(HOLD_MS);
  await settled();
  assert.deepEqual(heard, [1, 2]);
});

test("without sound each call is still shown for its time", async () => {
  const { announcer, hear, saying } = hall();
  hear(call(2), call(1));
  await settled();
  saying[0].done(); // at once: nothing can be heard
  mock.timers.tick(HOLD_MS - 1);
  await settled();
  assert.equal(announcer.current.id, 1);
  mock.timers.tick(1);
  await settled();
  assert.equal(announcer.current.id, 2);
});

test("the number shown large is the one being said, and the last one said stays", async () => {
  const { announcer, hear, finish } = hall();
  const calls = [call(3), call(2), call(1)];
  hear(...calls);
  const shown = [];
  for (let step = 0; step < 3; step += 1) {
    await settled();
    shown.push(announcer.shown(calls).id);
    assert.equal(announcer.current.id, shown.at(-1));
    await finish();
  }
  assert.deepEqual(shown, [1, 2, 3]);
  assert.equal(announcer.current, null);
  assert.equal(announcer.shown(calls).id, 3);
});

test("what waits is not forgotten when the list no longer reaches back to it", async () => {
  const { hear, heard, finish } = hall();
  const calls = Array.from({ length: 14 }, (_, place) => call(place + 1));
  for (let count = 1; count <= 14; count += 1) hear(...calls.slice(Math.max(0, count - 12), count));
  await settled();
  for (let step = 0; step < 14; step += 1) await finish();
  assert.deepEqual(heard, calls.map(({ id }) => id));
});

test("when many wait each is said once instead of twice", async () => {
  const { hear, saying, finish } = hall();
  hear(call(5), call(4), call(3), call(2), call(1));
  await settled();
  for (let step = 0; step < 5; step += 1) await finish();
  assert.deepEqual(saying.map(({ brief }) => brief), [true, true, false, false, false]);
});

// What the board shows.

const counters = ["1", "2", "3", "4"].map((number, place) => ({ id: place, number }));
const silence = { current: null, waiting: [], shown: (calls) => calls[0] ?? null };

test("before the first call of the day the board asks to take a number", () => {
  assert.equal(stage({ open: true, calls: [], counters }, silence, NOW).kind, "quiet");
});

test("outside the hours the board says so", () => {
  assert.equal(stage({ open: false, calls: [], counters }, silence, NOW).kind, "closed");
  const served = { open: false, calls: [call(1, { status: "done", ago: 60_000 })], counters };
  assert.equal(stage(served, silence, NOW).kind, "closed");
});

test("a call takes the board back at once, also after the hours, and leaves it in time", () => {
  const late = { open: false, calls: [call(1)], counters };
  const saying = { ...silence, current: late.calls[0] };
  assert.deepEqual(stage(late, saying, NOW), {
    kind: "call",
    call: late.calls[0],
    speaking: true,
    expected: true,
  });
  assert.equal(stage(late, silence, NOW).kind, "call");
  assert.equal(stage(late, silence, NOW + LINGER_MS).kind, "closed");
});

test("a call stays until the next one, and says whether its holder is still expected", () => {
  const state = { open: true, calls: [call(1, { status: "serving", ago: 3_600_000 })], counters };
  const shown = stage(state, silence, NOW);
  assert.equal(shown.kind, "call");
  assert.equal(shown.expected, false);
});

test("the list has the six calls before, and none that is still to be said", () => {
  const calls = Array.from({ length: 10 }, (_, place) => call(10 - place));
  const announcer = { ...silence, waiting: [calls[0]] };
  const list = before({ calls, counters }, announcer, calls[1]);
  assert.deepEqual(list.map(({ id }) => id), [8, 7, 6, 5, 4, 3]);
});

test("a call comes in from the half of the hall its counter stands in", () => {
  const from = (counter) => side({ counters }, call(1, { counter }));
  assert.deepEqual(["1", "2", "3", "4"].map(from), ["left", "left", "right", "right"]);
});

// Against burn-in.

test("the board drifts over its whole reach, one pixel at a time, and never beyond", () => {
  const seen = new Set();
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    const { x, y } = offset(minute);
    const next = offset(minute + 1);
    assert.ok(Math.abs(x) <= REACH_PX && Math.abs(y) <= REACH_PX);
    assert.ok(Math.abs(next.x - x) + Math.abs(next.y - y) <= 1, `minute ${minute} jumps`);
    seen.add(`${x},${y}`);
  }
  assert.equal(seen.size, (2 * REACH_PX + 1) ** 2);
});

// Colours.

test("a hall's colour is deepened only as far as white text on it needs", () => {
  assert.equal(deepen("#9B1B1E").toLowerCase(), "#9b1b1e");
  for (const colour of ["#E8702A", "#1F9D55", "#FFD600", "#3B82F6"]) {
    assert.ok(againstWhite(colour) < 7);
    const deep = deepen(colour);
    assert.ok(againstWhite(deep) >= 7, `${colour} became ${deep}`);
    assert.ok(againstWhite(deep) < 8, `${deep} is darker than it must be`);
  }
});

test("what waits and is made again is announced once, also when twelve others were called since", async () => {
  const { announcer, hear, heard, finish } = hall();
  hear(call(1));
  hear(call(2), call(1));
  const others = Array.from({ length: 11 }, (_, place) => call(3 + place));
  hear(call(14, { number: "A002", repeat: 1 }), ...others);
  await settled();
  while (announcer.current) await finish();
  assert.deepEqual(heard, [1, ...others.map(({ id }) => id), 14]);
});

test("of a thousand days none loses a call, says one twice or two at once", async () => {
  for (let seed = 1; seed <= 1000; seed += 1) await day(chance(seed));
});

/** Numbers from 0 to 1, the same for the same seed. */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A day of calls, recalls and calls taken back, told to the board as the server does it. */
async function day(random) {
  const { announcer, saying, hear, finish } = hall();
  const latest = new Map(); // number: its latest call, as the server's list has it
  const due = new Set(); // calls that must be heard
  const listed = () => [...latest.values()].sort((a, b) => b.id - a.id).slice(0, 12);
  const mayBeTakenBack = (number) =>
    announcer.current?.number !== number &&
    [announcer.waiting, listed()].every((calls) => calls.some((one) => one.number === number));
  let id = 0;
  let finished = 0;
  for (let press = 0; press < 30; press += 1) {
    const numbers = [...latest.keys()];
    const one = numbers[Math.floor(random() * numbers.length)];
    const dice = random();
    if (dice < 0.45 || !one) {
      const number = `A${String(latest.size + 1 + press * 100)}`;
      latest.set(number, call((id += 1), { number }));
      due.add(id);
    } else if (dice < 0.65) {
      const before = latest.get(one);
      // Not said yet: the new call takes its place.
      if (announcer.waiting.some((waiting) => waiting.id === before.id)) due.delete(before.id);
      latest.set(one, call((id += 1), { number: one, repeat: before.repeat + 1 }));
      due.add(id);
    } else if (dice < 0.75 && mayBeTakenBack(one)) {
      due.delete(latest.get(one).id);
      latest.delete(one);
    } else if (announcer.current) {
      await finish();
      finished += 1;
    }
    hear(...listed());
    await settled();
    assert.ok(saying.length - finished <= 1, "two at once");
  }
  while (announcer.current) await finish();
  const ids = saying.map(({ id: said }) => said);
  assert.deepEqual(ids, [...due], "each once, in the order of the calls");
}
