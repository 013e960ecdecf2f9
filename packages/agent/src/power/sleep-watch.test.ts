import { describe, expect, test } from "bun:test";
import { createLog } from "../log.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { SleepWatch, type SleepWatchOptions } from "./sleep-watch.ts";

/** A computer whose sleep is made up: its monotonic clock stands still meanwhile, as on Linux. */
function setUp({ tellsSleep = true, announces = true } = {}) {
  const clock = new FakeClock();
  const heard: string[] = [];
  const computer = { asleepMs: 0, hear: undefined as ((event: "sleep" | "wake") => void) | undefined, lost: () => {}, listened: 0 };
  const options: SleepWatchOptions = {
    clock,
    log: createLog(() => {}, clock.now),
    system: {
      ...(tellsSleep ? { asleepMs: async () => computer.asleepMs } : {}),
      watchPower: async (hear, lost) => {
        computer.listened++;
        if (!announces) throw new Error("there is no D-Bus");
        Object.assign(computer, { hear, lost });
        return () => (computer.hear = undefined);
      },
    },
    link: { doze: () => heard.push("doze"), rouse: (sleptMs) => heard.push(`rouse ${sleptMs / 1_000}`) },
  };
  const watch = new SleepWatch(options);
  const sleep = (seconds: number) => {
    clock.setWall(clock.now() + seconds * 1_000);
    computer.asleepMs += seconds * 1_000;
  };
  const say = async (event: "sleep" | "wake") => {
    computer.hear!(event);
    await watch.settled;
  };
  const start = async () => {
    watch.start();
    await clock.advance(1_000);
  };
  return { clock, heard, computer, watch, sleep, say, start };
}
const spans = (watch: SleepWatch) => watch.untold.map(({ from, until }) => (until - from) / 1_000);

describe("ALM-1 the agent knows of the computer's sleep", () => {
  test("announced: the link dozes before it, and knows how long it was after it", async () => {
    const { clock, heard, watch, sleep, say, start } = setUp();
    await start();
    const from = clock.now();
    await say("sleep");
    expect(heard).toEqual(["doze"]);
    sleep(3_600);
    await say("wake");
    expect(heard).toEqual(["doze", "rouse 3600"]);
    expect(watch.untold).toEqual([{ from, until: from + 3_600_000 }]);
    // The next look finds nothing more.
    await clock.advance(60_000);
    expect(heard).toHaveLength(2);
    expect(watch.untold).toHaveLength(1);
  });

  test("not announced: noticed within half a minute, by two clocks", async () => {
    const { clock, heard, watch, sleep, start } = setUp({ announces: false });
    await start();
    sleep(600);
    await clock.advance(30_000);
    expect(heard).toEqual(["rouse 600"]);
    expect(spans(watch)).toEqual([600]);
    expect(clock.now() - watch.untold[0]!.until).toBeLessThanOrEqual(30_000);
  });

  test("where no clock tells, the notices do", async () => {
    const { heard, watch, sleep, say, start } = setUp({ tellsSleep: false });
    await start();
    await say("sleep");
    sleep(900);
    await say("wake");
    expect(heard).toEqual(["doze", "rouse 900"]);
    expect(spans(watch)).toEqual([900]);
  });

  test("sleep that did not come about is none; the link hears that the computer goes on", async () => {
    const { clock, heard, watch, say, start } = setUp();
    await start();
    await say("sleep");
    await clock.advance(2_000);
    await say("wake");
    expect(heard).toEqual(["doze", "rouse 0"]);
    expect(watch.untold).toEqual([]);
  });

  test("moments awake within a night make one sleep; what a server has heard of is told no more", async () => {
    const { clock, watch, sleep, start } = setUp({ announces: false });
    await start();
    for (const seconds of [3_600, 3_600, 7_200]) {
      sleep(seconds);
      await clock.advance(45_000);
    }
    expect(watch.untold).toHaveLength(1);
    expect(spans(watch)[0]).toBeGreaterThan(14_400);
    const told = watch.untold.slice();
    await clock.advance(600_000);
    sleep(60);
    await clock.advance(30_000);
    watch.told(told);
    expect(spans(watch)).toEqual([60]);
  });

  test("of many sleeps the first and the newest are kept", async () => {
    const { clock, watch, sleep, start } = setUp({ announces: false });
    await start();
    for (let count = 1; count <= 12; count++) {
      sleep(count * 100);
      await clock.advance(600_000);
    }
    expect(spans(watch)).toEqual([100, 600, 700, 800, 900, 1_000, 1_100, 1_200]);
  });

  test("listens again when the system's bus was lost or not there yet, and not after the end", async () => {
    const { clock, computer, heard, watch, start } = setUp();
    await start();
    expect(computer.listened).toBe(1);
    computer.lost();
    await clock.advance(330_000);
    expect(computer.listened).toBe(2);
    const { hear } = computer;
    watch.stop();
    expect(computer.hear).toBeUndefined();
    hear!("sleep");
    await clock.advance(600_000);
    expect([computer.listened, heard]).toEqual([2, []]);

    const without = setUp({ announces: false });
    await without.start();
    await without.clock.advance(630_000);
    expect(without.computer.listened).toBe(3);
  });
});
