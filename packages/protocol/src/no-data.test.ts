import { expect, test } from "bun:test";
import { parseNoData } from "./no-data.ts";

test.each([
  ["no-target", { code: "no-target", about: "" }],
  ["unreadable-network: 10.0.0.0/99: what", { code: "unreadable-network", about: "10.0.0.0/99: what" }],
  ["unreadable-value: two\nlines", { code: "unreadable-value", about: "two\nlines" }],
  ["No target is set.", undefined],
  ["The name of the target could not be resolved: no name server answered.", undefined],
  ["", undefined],
  ["no-target:", undefined],
  ["-x", undefined],
])("%j", (reason, expected) => expect(parseNoData(reason)).toEqual(expected as never));
