import { expect, test } from "bun:test";
import { keepAnswer } from "./keep-answer.ts";

const series = (deviceId: string, query: object) => ({ params: { deviceId, number: 1 }, query });

test.each([
  ["the same question", { query: { customerId: "a" } }, { query: { customerId: "a" } }, true],
  ["another span of time", { query: { weeks: 4 } }, { query: { weeks: 13 } }, true],
  ["another filter", { query: { customerId: "a", state: "open" } }, { query: { customerId: "a", state: "closed" } }, true],
  ["the next five minutes", series("d", { to: "1", field: "used" }), series("d", { to: "2", field: "used" }), true],
  ["another customer", { query: { customerId: "a" } }, { query: { customerId: "b" } }, false],
  ["one customer after all", { query: {} }, { query: { customerId: "b" } }, false],
  ["another device", series("d", { field: "used" }), series("e", { field: "used" }), false],
  ["another field", series("d", { field: "used" }), series("d", { field: "free" }), false],
  ["another volume", series("d", { subject: "C:" }), series("d", { subject: "D:" }), false],
] as const)("%s: the answer before stays or not", (_, before, asked, stays) => {
  expect(keepAnswer(asked)("answer", { queryKey: ["any", before] })).toBe(stays ? "answer" : undefined);
});

test("before the first answer there is none", () => {
  expect(keepAnswer({})(undefined, undefined)).toBeUndefined();
});
