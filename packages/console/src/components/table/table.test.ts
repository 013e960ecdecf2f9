import { describe, expect, test } from "bun:test";
import { compareValues, nextSorting, sortingOf, widthsOf } from "./columns.ts";
import { csvOf } from "./csv.ts";
import { settle } from "./steady.ts";

const rows = (text: string) => [...text].map((key) => ({ key, content: 1 }));
const keys = (list: readonly { key: string }[]) => list.map(({ key }) => key).join("");
const keyOf = (row: { key: string }) => row.key;

describe("settle", () => {
  test("the first rows are all shown", () => {
    const { rows: shown, arrivals } = settle([], rows("abc"), keyOf, false);
    expect([keys(shown), arrivals]).toEqual(["abc", 0]);
  });
  test("rows in between are announced, not inserted", () => {
    const { rows: shown, arrivals, gone } = settle(rows("bd"), rows("abcd"), keyOf, false);
    expect([keys(shown), arrivals, gone.size]).toEqual(["bd", 2, 0]);
  });
  test("rows at the end are added", () => {
    const { rows: shown, arrivals } = settle(rows("ab"), rows("abcd"), keyOf, true);
    expect([keys(shown), arrivals]).toEqual(["abcd", 0]);
  });
  test("rows that left stay, marked", () => {
    const { rows: shown, gone } = settle(rows("abc"), rows("ac"), keyOf, false);
    expect([keys(shown), [...gone]]).toEqual(["abc", ["b"]]);
  });
  test("the last row gone from a list that has ended is marked", () => {
    expect([...settle(rows("abc"), rows("ab"), keyOf, false).gone]).toEqual(["c"]);
  });
  test("rows that slipped to the next page are not taken for gone", () => {
    const { rows: shown, gone, arrivals } = settle(rows("abc"), rows("xab"), keyOf, true);
    expect([keys(shown), gone.size, arrivals]).toEqual(["abc", 0, 1]);
  });
  test("content is renewed in place", () => {
    const { rows: shown } = settle(
      rows("ab"),
      [
        { key: "a", content: 1 },
        { key: "b", content: 2 },
      ],
      keyOf,
      false,
    );
    expect(shown[1]).toEqual({ key: "b", content: 2 });
  });
});

describe("sorting", () => {
  test("a head goes from ascending to descending to the list's own order", () => {
    expect(nextSorting(null, "name")).toBe("name");
    expect(nextSorting(sortingOf("name"), "name")).toBe("-name");
    expect(nextSorting(sortingOf("-name"), "name")).toBeUndefined();
    expect(nextSorting(sortingOf("-name"), "site")).toBe("site");
  });
  test("numbers within names and umlauts sort as people do", () => {
    const names = ["PC-10", "Ö", "PC-2", "P", "O"];
    expect(names.sort((one, other) => compareValues(one, other, "de"))).toEqual(["O", "Ö", "P", "PC-2", "PC-10"]);
  });
});

describe("csv", () => {
  const rows = [
    ["a;b", 1.5],
    ['=say "x"', null],
  ];
  test("German: semicolon", () => {
    expect(csvOf(["Name", "Wert"], rows, "de")).toBe('Name;Wert\r\n"a;b";1.5\r\n"\'=say ""x""";\r\n');
  });
  test("English: comma", () => {
    expect(csvOf(["Name", "Value"], rows, "en")).toBe('Name,Value\r\n"a;b",1.5\r\n"\'=say ""x""",\r\n');
  });
});

describe("widths", () => {
  test("what is left over goes to the growing columns", () => {
    expect(widthsOf([{ width: 100 }, { width: 200, grow: 3 }, { width: 100, grow: 1 }], 800)).toEqual([100, 500, 200]);
  });
  test("with too little room the growing columns give way together", () => {
    expect(widthsOf([{ width: 100 }, { width: 200, grow: 3 }, { width: 100, grow: 1 }], 250)).toEqual([100, 100, 50]);
  });
  test("columns that do not grow share what is left", () => {
    expect(widthsOf([{ width: 100 }, { width: 100 }], 300)).toEqual([150, 150]);
  });
});
