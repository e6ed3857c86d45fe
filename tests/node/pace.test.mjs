// When a run takes snapshots, and what is lost when its page ends at the worst moment.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "../../web/training/pace.js";

/** When snapshots are due within `seconds` from `begin`, looked at every hundredth of a second. */
function due(begin, seconds) {
  const pace = new Pace();
  pace.begin(begin);
  const times = [];
  for (let hundredth = 0; hundredth <= 100 * seconds; hundredth++) {
    const now = begin + hundredth / 100;
    if (!pace.isDue(now)) continue;
    times.push([hundredth / 100, pace.isEarly]);
    pace.keep(now);
  }
  return times;
}

test("a run is kept soon where it begins, then twice as late each time, up to five seconds", () => {
  for (const begin of [0, 1234]) {
    const times = due(begin, 60);
    const waits = times.map(([time], index) => time - (times[index - 1]?.[0] ?? 0));
    assert.ok(times[0][0] <= 0.27, "a row of reloads gets on");
    for (const [index, wait] of waits.slice(1).entries()) {
      assert.ok(Math.abs(wait - Math.min(5, times[index][0])) < 0.05, `${wait} s after ${times[index][0]} s`);
    }
  }
});

test("snapshots that come sooner than they have to are told from the others", () => {
  const times = due(0, 60);
  for (const [index, [time, isEarly]] of times.entries()) {
    assert.equal(isEarly, (times[index - 1]?.[0] ?? 0) < 5, `${time} s`);
  }
});

/**
 * The most seconds that have passed since a step that is not written down, in two minutes of steps: its steps take
 * `step` seconds each, the measuring of an epoch, which has `epoch` steps, `measuring`, and a write `write()`.
 */
function mostLost({ step, epoch, measuring, write }) {
  const pace = new Pace();
  const learnt = [];
  let [now, written, most] = [0, 0, 0];
  /** The write under way, and what waits for its end: the newest alone. */
  let writing, waiting;
  const begin = (at, one) => (writing = { ...one, ends: at + write() });
  const pass = (seconds) => {
    now += seconds;
    while (writing?.ends <= now) {
      const { ends, takenAt, steps } = writing;
      if (written < learnt.length) most = Math.max(most, ends - learnt[written]);
      written = steps;
      pace.wrote(ends - takenAt);
      writing = undefined;
      if (waiting) begin(ends, waiting);
      waiting = undefined;
    }
  };
  const learn = () => (pass(step), learnt.push(now));
  const keep = () => {
    pace.keep(now);
    const one = { steps: learnt.length, takenAt: now };
    if (writing) waiting = one;
    else begin(now, one);
  };
  pace.begin(0);
  for (let steps = Math.ceil(120 / step); learnt.length < steps;) {
    learn();
    if (learnt.length % epoch === 0) {
      if (pace.isDue(now + measuring)) keep();
      pass(measuring);
      keep();
    } else if (pace.isDue(now)) {
      // What the worker was asked for meanwhile, where steps are not long.
      if (step < 0.5) learn();
      keep();
    }
  }
  return most;
}

test("nobody loses more than ten seconds, however slow steps, measuring and writing are", () => {
  for (const step of [0.04, 0.4, 1, 5]) {
    for (const measuring of [0, 0.5, 3, 20]) {
      for (const seconds of [0.02, 1, 4]) {
        for (const epoch of [2, 7, 1000]) {
          const lost = mostLost({ step, epoch, measuring, write: () => seconds });
          const what = `${step} s a step, ${epoch} an epoch, measured in ${measuring} s, written in ${seconds} s`;
          assert.ok(lost <= 10, `${what}: ${lost} s`);
        }
      }
    }
  }
});

test("a write that is slower than those before by four seconds is made up for", () => {
  let count = 0;
  const lost = mostLost({ step: 0.04, epoch: 1000, measuring: 1, write: () => (++count % 7 ? 0.1 : 4) });
  assert.ok(lost > 5 && lost <= 10, `${lost} s`);
});
