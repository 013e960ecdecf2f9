import { expect, test } from "bun:test";
import { hashPassword, newPassword, passwordFits } from "./passwords.ts";
import { hashOfToken, kindOfToken, newToken } from "./tokens.ts";

test("a password fits its own hash, however its umlauts are composed, and no other", async () => {
  const hash = await hashPassword("Gr\u00fc\u00dfe 2026");
  expect(hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
  expect(await passwordFits("Gru\u0308\u00dfe 2026", hash)).toBe(true);
  expect(await passwordFits("gr\u00fc\u00dfe 2026", hash)).toBe(false);
  expect(await passwordFits("", hash)).toBe(false);
});

test("without an account no password fits", async () => {
  expect(await passwordFits("anything", undefined)).toBe(false);
});

test("made passwords differ and avoid letters that look alike", () => {
  const made = Array.from({ length: 200 }, newPassword);
  expect(new Set(made).size).toBe(200);
  for (const password of made) expect(password).toMatch(/^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){3}$/);
});

test("tokens say what they are, and are stored as their hash only", () => {
  const token = newToken("session");
  expect(kindOfToken(token)).toBe("session");
  expect(kindOfToken(newToken("api-key"))).toBe("api-key");
  expect(kindOfToken(newToken("enrolment"))).toBe("enrolment");
  expect(kindOfToken(token.slice(0, -1))).toBeUndefined();
  expect(kindOfToken("x".repeat(47))).toBeUndefined();
  expect(hashOfToken(token).byteLength).toBe(32);
  expect(hashOfToken(token)).toEqual(hashOfToken(token));
  expect(newToken("session")).not.toBe(token);
});
