import { describe, expect, test } from "bun:test";
import { decide, type PendingFinding, type Recipient, type Telling } from "./decide.ts";
import { gatheringMs, leavesAtMs } from "./gathering.ts";

const finding = (findingId: string, change: Partial<PendingFinding> = {}): PendingFinding => ({
  findingId,
  customerId: "muster",
  siteId: "zentrale",
  checkId: "disk-space",
  severity: "failure",
  isOver: false,
  isReminded: false,
  ...change,
});
const recipient = (address: string, change: Partial<Recipient> = {}): Recipient => ({
  address,
  customerId: "muster",
  siteId: null,
  language: "de",
  fromSeverity: "warning",
  checks: null,
  recoveries: true,
  ...change,
});
const telling = (findingId: string, address: string, change: Partial<Telling> = {}): Telling => ({
  findingId,
  address,
  severity: "failure",
  isOver: false,
  ...change,
});
/** address → what it reads. */
const read = (...parameters: Parameters<typeof decide>) =>
  Object.fromEntries(
    decide(...parameters).letters.flatMap(({ addresses, items }) =>
      addresses.map((address) => [address, items.map(({ findingId, told }) => `${findingId} ${told}`)]),
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
    "of no check at all": { recipient: { checks: [] }, gets: false },
  };
  for (const [name, { recipient: change, finding: about, gets }] of Object.entries(cases))
    test(name, () => {
      const decision = decide([finding("f", about)], [recipient("a@b", change)], []);
      expect(decision.letters.length).toBe(gets ? 1 : 0);
      expect(decision.untold).toEqual(gets ? [] : [{ findingId: "f", why: "nobody" }]);
    });
  test("nobody, when there are no recipients", () => {
    expect(decide([finding("f")], [], [])).toEqual({ letters: [], untold: [{ findingId: "f", why: "nobody" }] });
  });
});

describe("one mail or several", () => {
  test("those who read the same share a mail", () => {
    expect(decide([finding("f")], [recipient("a@b"), recipient("c@d")], []).letters.map(({ addresses }) => addresses)).toEqual([
      ["a@b", "c@d"],
    ]);
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
        addresses: ["a@B"],
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
  test("an acknowledgement that ran out is a reminder", () => {
    expect(read([finding("f", { isReminded: true })], [recipient("told@x")], [telling("f", "told@x")])).toEqual({
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
    expect(decide([over], [recipient("a@b")], [])).toEqual({ letters: [], untold: [{ findingId: "brief", why: "over" }] });
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
});
