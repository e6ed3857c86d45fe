// When a run takes snapshots, by the clock of its training.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "../../web/training/pace.js";

/** When snapshots are due within `seconds` of training from `begin`, looked at every hundredth of a second. */
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

test("a run is kept soon where it begins, then twice as late each time, and ten seconds are never lost", () => {
  for (const begin of [0, 1234]) {
    const times = due(begin, 60);
    const waits = times.map(([time], index) => time - (times[index - 1]?.[0] ?? 0));
    assert.ok(times[0][0] <= 0.27, "a row of reloads gets on");
    for (const [index, wait] of waits.slice(1).entries()) {
      assert.ok(Math.abs(wait - Math.min(10, times[index][0])) < 0.03, `${wait} s after ${times[index][0]} s`);
    }
    assert.ok(Math.max(...waits) < 10.02);
  }
});

test("snapshots that come sooner than they have to are told from the others", () => {
  const times = due(0, 60);
  for (const [index, [time, isEarly]] of times.entries()) {
    assert.equal(isEarly, (times[index - 1]?.[0] ?? 0) < 10, `${time} s`);
  }
});
