import { describe, expect, test } from "bun:test";
import type { LogOptions } from "./log.ts";
import { makeLogger } from "./log.ts";
import { redact, redactText } from "./redact.ts";

function logged(options: Omit<LogOptions, "write">) {
  const lines: string[] = [];
  return {
    lines,
    log: makeLogger({ ...options, write: (line) => void lines.push(line) }),
    objects: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe("lines of JSON", () => {
  test("each has level, time, message and fields", () => {
    const { log, objects } = logged({ format: "json" });
    log.info("device connected", { deviceId: "d-1", agents: 3 });
    const [line] = objects();
    expect(line).toMatchObject({ level: "info", message: "device connected", deviceId: "d-1", agents: 3 });
    expect(Number.isNaN(Date.parse(String(line?.["time"])))).toBe(false);
  });

  test("what is below the level is dropped", () => {
    const { log, objects } = logged({ format: "json", level: "warn" });
    log.debug("one");
    log.info("two");
    log.warn("three");
    log.error("four");
    expect(objects().map(({ message }) => message)).toEqual(["three", "four"]);
  });

  test("fields of `with` stand in every line", () => {
    const { log, objects } = logged({ format: "json" });
    log.with({ part: "mail" }).with({ mailId: "m-1" }).warn("refused");
    expect(objects()[0]).toMatchObject({ part: "mail", mailId: "m-1" });
  });

  test("an error comes with code, stack and cause", () => {
    const { log, objects } = logged({ format: "json" });
    log.error("failed", { error: Object.assign(new Error("outer", { cause: new Error("inner") }), { code: "23505" }) });
    expect(objects()[0]?.["error"]).toMatchObject({ name: "Error", code: "23505", message: "outer", cause: { message: "inner" } });
  });

  test("a line stays one line, whatever it says", () => {
    const { log, lines } = logged({ format: "json" });
    log.info("two\nlines", { text: 'a "b"\n\u2028 c' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain("\n");
  });
});

test("lines for people are short, with an error's stack below", () => {
  const { log, lines } = logged({ format: "lines" });
  log.warn("mail refused", { address: "a@b.example", answer: "550 no such user" });
  log.error("failed", { error: new Error("boom") });
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}mail refused {2}address=a@b\.example {2}answer="550 no such user"\n$/);
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error failed\n {9}Error: boom\n {13}at /);
});

describe("secrets", () => {
  test.each([
    ["password", "x"],
    ["databasePassword", "x"],
    ["token", "x"],
    ["enrolment_token", "x"],
    ["authorization", "Bearer x"],
    ["cookie", "x"],
    ["Set-Cookie", "x"],
    ["privateKey", "x"],
    ["private_key", "x"],
    ["apiKey", "x"],
    ["secret", { nested: "x" }],
    ["credentials", ["x"]],
  ])("%s is hidden", (name, value) => {
    expect(redact({ [name]: value })).toEqual({ [name]: "[hidden]" });
  });

  test.each([
    ["tokenId", "t-1"],
    ["enrolment_token_id", "t-1"],
    ["passwordChangedAt", "2026-01-01"],
    ["apiKeyName", "script"],
    ["publicKey", "abc"],
    ["token", null],
  ])("%s may be seen", (name, value) => {
    expect(redact({ [name]: value })).toEqual({ [name]: value });
  });

  test("they are found at any depth, in maps, and in the fields of `with`", () => {
    expect(redact({ a: [{ b: { password: "x" } }], m: new Map([["token", "x"]]) })).toEqual({
      a: [{ b: { password: "[hidden]" } }],
      m: { token: "[hidden]" },
    });
    const { log, objects } = logged({ format: "json" });
    log.with({ secret: "x" }).info("done");
    expect(objects()[0]).toMatchObject({ secret: "[hidden]" });
  });

  test.each([
    ["postgres://owner:hunter2@host/db", "postgres://[hidden]@host/db"],
    ["smtp://user@host", "smtp://[hidden]@host"],
    ["GET /x?token=hunter2&page=2", "GET /x?token=[hidden]&page=2"],
    ["https://host/cb?page=2&client_secret=hunter2#x", "https://host/cb?page=2&client_secret=[hidden]#x"],
    ["https://host/invoke?sp=run&sv=1.0&sig=hunter2", "https://host/invoke?sp=run&sv=1.0&sig=[hidden]"],
    ["https://host/x?X-Amz-Signature=hunter2&design=oak", "https://host/x?X-Amz-Signature=[hidden]&design=oak"],
    ["https://host/path?page=2", "https://host/path?page=2"],
    ["mail to a@b.example", "mail to a@b.example"],
  ])("credentials in an address: %s", (text, expected) => {
    expect(redactText(text)).toBe(expected);
    const error = redact(new Error(text)) as { message: string; stack: string };
    expect([error.message, error.stack.includes("hunter2")]).toEqual([expected, false]);
  });

  test("bytes are told by their number, and a circle comes to an end", () => {
    const circle: Record<string, unknown> = { bytes: new Uint8Array(32) };
    circle["self"] = circle;
    expect(JSON.stringify(redact(circle))).toContain('"[too deep]"');
    expect(redact({ bytes: new Uint8Array(32) })).toEqual({ bytes: "[32 bytes]" });
  });
});
