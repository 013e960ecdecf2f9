import { describe, expect, test } from "bun:test";
import { takeNote } from "./beginnings.ts";

const [office, shop] = ["192.168.1.7/24", "10.0.0.0/28"];
type Search = [answered: string[], networks: string[]];

/** Since which search each address has been there, at the last one; what is remembered goes through JSON each time. */
function search(...searches: Search[]): Record<string, number | null> {
  let kept: Record<string, unknown> = {};
  let last: Record<string, number | null> = {};
  for (const [index, [answered, networks]] of searches.entries()) {
    const { firstSeenAt, remembered } = takeNote(answered, networks, kept, index + 1);
    kept = JSON.parse(JSON.stringify(remembered)) as Record<string, unknown>;
    last = Object.fromEntries(answered.map((address) => [address, firstSeenAt(address)]));
  }
  return last;
}

describe("since when a device has been there", () => {
  test.each<[string, Search[], Record<string, number | null>]>([
    ["from the beginning", [[["192.168.1.1"], [office]]], { "192.168.1.1": null }],
    [
      "as before",
      [
        [["192.168.1.1"], [office]],
        [["192.168.1.1"], [office]],
      ],
      { "192.168.1.1": null },
    ],
    [
      "new",
      [
        [["192.168.1.1"], [office]],
        [["192.168.1.1", "192.168.1.2"], [office]],
      ],
      { "192.168.1.1": null, "192.168.1.2": 2 },
    ],
    [
      "new once",
      [
        [["192.168.1.1"], [office]],
        [["192.168.1.2"], [office]],
        [["192.168.1.2"], [office]],
      ],
      { "192.168.1.2": 2 },
    ],
    [
      "from the beginning, when nobody answered before: the community was wrong",
      [
        [[], [office]],
        [["192.168.1.1"], [office]],
      ],
      { "192.168.1.1": null },
    ],
    [
      "from the beginning, in a network that was added",
      [
        [["192.168.1.1"], [office]],
        [
          ["192.168.1.1", "10.0.0.3"],
          [office, shop],
        ],
      ],
      { "192.168.1.1": null, "10.0.0.3": null },
    ],
    [
      "from the beginning, in a network that was widened",
      [
        [["192.168.1.1"], ["192.168.1.0/25"]],
        [["192.168.1.2", "192.168.1.200"], [office]],
      ],
      { "192.168.1.2": 2, "192.168.1.200": null },
    ],
    [
      "new, when the computer has another address in the same network",
      [
        [["192.168.1.1"], [office]],
        [["192.168.1.2"], ["192.168.1.99/24"]],
      ],
      { "192.168.1.2": 2 },
    ],
    [
      "new, after a search in which nobody answered",
      [
        [["192.168.1.1"], [office]],
        [[], [office]],
        [["192.168.1.2"], [office]],
      ],
      { "192.168.1.2": 3 },
    ],
  ])("%s", (_, searches, expected) => expect(search(...searches)).toEqual(expected));

  test("nonsense in memory counts as nothing", () => {
    for (const kept of [{}, { seen: 3, begun: "x" }, { seen: { "10.0.0.1": "x" }, begun: [7] }])
      expect(takeNote([], [], kept, 1).remembered).toEqual({ seen: {}, begun: [] });
  });
});
