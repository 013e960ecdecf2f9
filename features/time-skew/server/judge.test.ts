import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { timeSkew } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof timeSkew>;

const day = 86_400;
const states = (changes: Partial<Sample>, settings: object = {}) =>
  judge({
    sample: { method: "timesyncd", synchronised: "yes", source: "time.example.org", sinceSyncSeconds: null, ...changes },
    settings: timeSkew.judgement.parse(settings),
    past: { points: () => [] },
    at: 0,
  }).map(({ code, state }) => `${code} ${state}`);
const on = "switched-off ok";

test.each<[string, Partial<Sample>, object, string[]]>([
  ["a clock that follows its source", {}, {}, [on, "not-synchronised ok"]],
  ["nothing sets the clock", { method: "none", synchronised: "no" }, {}, ["switched-off warning"]],
  ["nothing sets the clock, and nobody minds", { method: "none", synchronised: "no" }, { reportSwitchedOff: false }, ["switched-off ok"]],
  ["a container", { method: "host", synchronised: "not-needed" }, {}, [on, "not-synchronised ok"]],
  ["no source answers", { synchronised: "no" }, {}, [on, "not-synchronised warning"]],
  ["the system does not say", { method: "timed", synchronised: "not-told" }, {}, [on, "not-synchronised unknown"]],
  ["set exactly so long ago", { sinceSyncSeconds: 10 * day }, {}, [on, "not-synchronised ok"]],
  ["a second more", { sinceSyncSeconds: 10 * day + 1 }, {}, [on, "not-synchronised warning"]],
  ["set an hour ago, without an answer since", { synchronised: "no", sinceSyncSeconds: 3_600 }, {}, [on, "not-synchronised ok"]],
  ["by another threshold", { sinceSyncSeconds: 2 * day }, { warningAfterDays: 1 }, [on, "not-synchronised warning"]],
])("%s", (_, changes, settings, expected) => {
  expect(states(changes, settings)).toEqual(expected);
});
