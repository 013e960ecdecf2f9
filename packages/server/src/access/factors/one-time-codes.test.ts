import { expect, test } from "bun:test";
import { hashOfOneTimeCode, newOneTimeCode } from "./one-time-codes.ts";

test("codes have 100 bits in five groups and never repeat", () => {
  const codes = Array.from({ length: 2_000 }, newOneTimeCode);
  for (const code of codes) expect(code).toMatch(/^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){4}$/);
  expect(new Set(codes).size).toBe(codes.length);
  expect(new Set(codes.join("").replaceAll("-", "")).size).toBe(32);
});

test("a code is the same however it is typed, and no other", () => {
  const same = ["k3vd-x8qp-7mzr-abcd-2345", "K3VD X8QP 7MZR ABCD 2345", "  k3vdx8qp7mzrabcd2345\n", "k3vd–x8qp–7mzr–abcd–2345"];
  expect(new Set(same.map((code) => hashOfOneTimeCode(code).toString("hex"))).size).toBe(1);
  expect(hashOfOneTimeCode("k3vd-x8qp-7mzr-abcd-2346")).not.toEqual(hashOfOneTimeCode(same[0]!));
});
