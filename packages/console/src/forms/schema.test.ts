import { column, setting } from "@hauswart/protocol/fields.ts";
import { expect, test } from "bun:test";
import { z } from "zod";
import { byteUnitOf, fieldsOf } from "./schema.ts";

test("every kind of setting that a check can declare becomes a field", () => {
  const settings = z.object({
    share: setting.percent(10, "Share."),
    amount: setting.bytes(5e9, "Amount."),
    times: setting.count(2, "Times.", 20),
    age: setting.days(14, "Age."),
    restart: setting.flag(true, "Restart."),
    names: setting.names(["a"], "Names."),
    within: setting.milliseconds(500, "Within."),
    community: setting.secret("Community."),
    target: setting.text("", "Target.", 253),
    mode: setting.oneOf(["all", "listed"], "all", "Mode."),
  });
  const fields = fieldsOf(z.toJSONSchema(settings, { io: "input" }) as Record<string, unknown>);
  expect(
    fields.map(({ name, kind, unit, minimum, maximum, options, fallback }) => [name, kind, unit, minimum, maximum, options, fallback]),
  ).toEqual([
    ["share", "number", "percent", 0, 100, [], 10],
    ["amount", "number", "bytes", 0, undefined, [], 5e9],
    ["times", "integer", "count", 0, 20, [], 2],
    ["age", "number", "days", 0, 3_650, [], 14],
    ["restart", "flag", "", undefined, undefined, [], true],
    ["names", "names", "", undefined, undefined, [], ["a"]],
    ["within", "integer", "milliseconds", 0, 60_000, [], 500],
    ["community", "secret", "", undefined, undefined, [], ""],
    ["target", "text", "", undefined, undefined, [], ""],
    ["mode", "choice", "", undefined, undefined, ["all", "listed"], "all"],
  ]);
});

test("a text says how long it may be", () => {
  const schema = z.toJSONSchema(z.object({ target: setting.text("", "Target.", 253) }), { io: "input" });
  expect(fieldsOf(schema)[0]!.longest).toBe(253);
});

test("a table has a field for each column of a line", () => {
  const settings = z.object({
    limits: setting.lines(
      { service: column.name("Service."), times: column.count("Times.", 20, 1), within: column.minutes("Within.") },
      "Limits.",
    ),
  });
  const [field] = fieldsOf(z.toJSONSchema(settings, { io: "input" }) as Record<string, unknown>);
  expect(field).toMatchObject({ name: "limits", kind: "lines", fallback: [] });
  expect(field!.columns!.map(({ name, kind, unit, minimum, maximum }) => [name, kind, unit, minimum, maximum])).toEqual([
    ["service", "text", "", undefined, undefined],
    ["times", "integer", "count", 1, 20],
    ["within", "number", "minutes", 0, 10_080],
  ]);
});

test("a shape that is not known is edited as JSON, never left out", () => {
  expect(fieldsOf({ properties: { rules: { type: "array", items: { type: "object" } } } })[0]).toMatchObject({
    name: "rules",
    kind: "json",
  });
});

test.each([{}, { properties: "x" }, { type: "string" }])("%j has no fields", (schema) => {
  expect(fieldsOf(schema)).toEqual([]);
});

test.each([
  [2e12, "TB"],
  [1.5e12, "TB"],
  [50e9, "GB"],
  [250e6, "MB"],
  [0, "GB"],
] as const)("%d bytes are entered in %s", (bytes, unit) => {
  expect(byteUnitOf(bytes)).toBe(unit);
});
