import { describe, expect, test } from "bun:test";
import type { Recipient } from "../../routing/rule.ts";
import { decide, type PendingFinding, type Telling } from "./decide.ts";
import { gatheringFor, gatheringMs, leavesAtMs } from "./gathering.ts";

const finding = (findingId: string, change: Partial<PendingFinding> = {}): PendingFinding => ({
  findingId,
  customerId: "muster",
  siteId: "zentrale",
  checkId: "disk-space",
  topic: "disks",
  severity: "failure",
  isOver: false,
  isReminded: false,
  ...change,
});
const recipient = (address: string, change: Partial<Recipient> = {}): Recipient => ({
  recipientId: `id of ${address}`,
  channel: "mail",
  address,
  customerId: "muster",
  siteId: null,
  language: "de",
  fromSeverity: "warning",
  topics: null,
  checks: null,
  recoveries: true,
  reach: "*",
  onCallOnly: false,
  isNotOrdered: false,
  quietUntilMs: undefined,
  quietExcept: null,
  ...change,
});
const telling = (findingId: string, address: string, change: Partial<Telling> = {}): Telling => ({
  findingId,
  address,
  severity: "failure",
  isOver: false,
  toldAtMs: 1_000,
  ...change,
});
/** address → what it reads. */
const read = (...parameters: Parameters<typeof decide>) =>
  Object.fromEntries(
    decide(...parameters).letters.flatMap(({ readers, items }) =>
      readers.map(({ address }) => [address, items.map(({ findingId, told }) => `${findingId} ${told}`)]),
    ),
  );

describe("who gets an alarm", () => {
  const cases: Record<string, { recipient: Partial<Recipient>; finding?: Partial<PendingFinding>; gets: boolean }> = {
    "the customer's": { recipient: {}, gets: true },
    "another customer's": { recipient: { customerId: "other" }, gets: false },
    "all customers'": { recipient: { customerId: null }, gets: true },
    "the site's": { recipient: { siteId: "zentrale" }, gets: true },
    "another site's": { recipient: { siteId: "lager" }, gets: false },
    "a site's, for a finding without a site": { recipient: { siteId: "zentrale" }, finding: { siteId: null }, gets: false },
    "failures only, of a failure": { recipient: { fromSeverity: "failure" }, gets: true },
    "failures only, of a warning": { recipient: { fromSeverity: "failure" }, finding: { severity: "warning" }, gets: false },
    "of this check": { recipient: { checks: ["services", "disk-space"] }, gets: true },
    "of other checks": { recipient: { checks: ["services"] }, gets: false },
    "of this topic": { recipient: { topics: ["backup", "disks"] }, gets: true },
    "of another topic": { recipient: { topics: ["backup"] }, gets: false },
    "of another topic and this check": { recipient: { topics: ["backup"], checks: ["disk-space"] }, gets: true },
    "only while on call": { recipient: { onCallOnly: true }, gets: false },
    "who has not ordered alarms": { recipient: { isNotOrdered: true }, gets: false },
    "of no check at all": { recipient: { checks: [] }, gets: false },
  };
  for (const [name, { recipient: change, finding: about, gets }] of Object.entries(cases))
    test(name, () => {
      const decision = decide([finding("f", about)], [recipient("a@b", change)], []);
      expect(decision.letters.length).toBe(gets ? 1 : 0);
      expect(decision.untold).toEqual(gets ? [] : [{ findingId: "f", why: "nobody" }]);
    });
  test("nobody, when there are no recipients", () => {
    expect(decide([finding("f")], [], [])).toEqual({ letters: [], held: [], untold: [{ findingId: "f", why: "nobody" }] });
  });
});

describe("one mail or several", () => {
  test("those who read the same share a mail", () => {
    expect(
      decide([finding("f")], [recipient("a@b"), recipient("c@d")], []).letters.map(({ readers }) => readers.map(({ address }) => address)),
    ).toEqual([["a@b", "c@d"]]);
  });
  test("each language has its own", () => {
    expect(
      decide([finding("f")], [recipient("a@b"), recipient("c@d", { language: "en" })], []).letters.map(({ language }) => language),
    ).toEqual(["de", "en"]);
  });
  test("technicians and customers do not see each other", () => {
    expect(decide([finding("f")], [recipient("a@b"), recipient("c@d", { customerId: null })], []).letters.length).toBe(2);
  });
  test("an address that is listed twice gets one mail, in the language of the narrower entry", () => {
    const twice = [recipient("A@b", { customerId: null, language: "en" }), recipient("a@B", { siteId: "zentrale" })];
    expect(decide([finding("f")], twice, []).letters).toEqual([
      {
        channel: "mail",
        readers: [{ key: "a@b", address: "a@B", recipientId: "id of a@B" }],
        circle: "provider",
        language: "de",
        fromSeverity: "warning",
        items: [{ findingId: "f", told: "alarm", severityBefore: undefined }],
      },
    ]);
  });
});

describe("what follows an alarm", () => {
  const everyone = [recipient("told@x"), recipient("new@x")];
  test("a recovery goes to those who had the alarm", () => {
    expect(read([finding("f", { isOver: true })], everyone, [telling("f", "told@x")])).toEqual({ "told@x": ["f recovery"] });
  });
  test("a recovery is told once", () => {
    expect(read([finding("f", { isOver: true })], everyone, [telling("f", "told@x", { isOver: true })])).toEqual({});
  });
  test("those who want no recoveries get none", () => {
    expect(read([finding("f", { isOver: true })], [recipient("told@x", { recoveries: false })], [telling("f", "told@x")])).toEqual({});
  });
  test("a finding that got worse is news for those who want failures only, and a change for the others", () => {
    const both = [recipient("told@x"), recipient("failures@x", { fromSeverity: "failure" })];
    expect(read([finding("f")], both, [telling("f", "told@x", { severity: "warning" })])).toEqual({
      "told@x": ["f change"],
      "failures@x": ["f alarm"],
    });
  });
  test("a finding that got better is told to those who knew it as a failure", () => {
    const both = [recipient("failures@x", { fromSeverity: "failure" }), recipient("quiet@x", { fromSeverity: "failure" })];
    expect(read([finding("f", { severity: "warning" })], both, [telling("f", "failures@x")])).toEqual({ "failures@x": ["f change"] });
  });
  test("nothing new is no mail", () => {
    expect(read([finding("f")], [recipient("told@x")], [telling("f", "told@x")])).toEqual({});
  });
  test("an acknowledgement that ran out is a reminder for whoever was told before", () => {
    const tellings = [telling("f", "told@x"), telling("f", "since@x", { toldAtMs: 3_000 })];
    expect(read([finding("f", { ranOutAtMs: 2_000 })], [recipient("told@x"), recipient("since@x")], tellings)).toEqual({
      "told@x": ["f reminder"],
    });
  });
  test("an address that was taken off the list hears nothing more", () => {
    expect(read([finding("f", { isOver: true })], [recipient("new@x")], [telling("f", "told@x")])).toEqual({});
  });
  test("spelling of the address does not matter", () => {
    expect(read([finding("f", { isOver: true })], [recipient("Told@X")], [telling("f", "told@x")])).toEqual({ "Told@X": ["f recovery"] });
  });
});

describe("opened and closed before a mail left", () => {
  const over = finding("brief", { isOver: true });
  test("makes no mail of its own", () => {
    expect(decide([over], [recipient("a@b")], [])).toEqual({ letters: [], held: [], untold: [{ findingId: "brief", why: "over" }] });
  });
  test("is mentioned in a mail that leaves anyway", () => {
    const decision = decide([over, finding("f")], [recipient("a@b")], []);
    expect(decision.letters[0]?.items.map(({ findingId, told }) => `${findingId} ${told}`)).toEqual(["brief brief", "f alarm"]);
    expect(decision.untold).toEqual([]);
  });
});

describe("gathering", () => {
  test("the first leaves at once, a follower a minute after it, and the next first at once again", () => {
    expect(leavesAtMs(undefined, 1_000_000)).toBe(1_000_000);
    expect(leavesAtMs(1_000_000, 1_010_000)).toBe(1_000_000 + gatheringMs);
    expect(leavesAtMs(1_000_000, 1_100_000)).toBeLessThan(1_100_000);
  });
  test("a clock that was set back holds nothing up for longer than a minute", () => {
    expect(leavesAtMs(9_000_000, 1_000_000)).toBe(1_000_000 + gatheringMs);
  });
  test("what is not urgent waits longer with each mail of a row, a quarter of an hour at most; a failure never does", () => {
    expect([1, 2, 3, 4, 5, 100].map((inRow) => gatheringFor(false, inRow) / 60_000)).toEqual([1, 2, 4, 8, 15, 15]);
    expect(gatheringFor(true, 100)).toBe(gatheringMs);
  });
});

describe("quiet hours", () => {
  const quiet = (change: Partial<Recipient> = {}) => recipient("a@b", { quietUntilMs: 1_000, ...change });

  test("hold what came until they end", () => {
    const { letters, held, untold } = decide([finding("f")], [quiet()], []);
    expect([letters, held, untold]).toEqual([[], [{ recipientId: "id of a@b", findingId: "f", dueAtMs: 1_000 }], []]);
  });
  test("let failures through, where that is wanted, and hold warnings", () => {
    const both = [finding("bad"), finding("mild", { severity: "warning" })];
    const { letters, held } = decide(both, [quiet({ quietExcept: "failure" })], []);
    expect(letters.map(({ items }) => items.map(({ findingId }) => findingId))).toEqual([["bad"]]);
    expect(held.map(({ findingId }) => findingId)).toEqual(["mild"]);
  });
  test("of one entry do not silence another entry of the same address", () => {
    const { letters, held } = decide([finding("f")], [quiet({ siteId: "zentrale" }), recipient("A@b", { customerId: null })], []);
    expect([letters.length, held.length]).toEqual([1, 0]);
  });
  test("are followed by a digest, in which what is over by then stands too", () => {
    const { letters, held } = decide([finding("open"), finding("over", { isOver: true })], [quiet()], [], "digest");
    expect(letters[0]!.items.map(({ findingId, told }) => `${findingId} ${told}`)).toEqual(["open alarm", "over brief"]);
    expect(held).toEqual([]);
  });
  test("are followed by nothing about what was told meanwhile", () => {
    expect(decide([finding("f")], [quiet()], [telling("f", "a@b")], "digest").letters).toEqual([]);
  });
});

test("two channels of one person are two letters; two Teams channels with the same host are two readers", () => {
  const teams = (recipientId: string) => recipient("prod.logic.azure.com", { recipientId, channel: "teams" });
  const { letters } = decide([finding("f")], [recipient("a@b"), teams("one"), teams("two")], []);
  expect(letters.map(({ channel, readers }) => [channel, readers.map(({ key }) => key)])).toEqual([
    ["mail", ["a@b"]],
    ["teams", ["one", "two"]],
  ]);
});
