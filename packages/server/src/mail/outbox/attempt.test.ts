import { describe, expect, test } from "bun:test";
import { afterAttempt, giveUpAfterMs, type Attempt, type MailRecipientState } from "./attempt.ts";
import { attemptFrom } from "./smtp.ts";

const middle = () => 0.5;
const to = (...states: [string, MailRecipientState["state"]][]) => states.map(([address, state]) => ({ address, state, answer: "" }));
const after = (recipients: MailRecipientState[], attempt: Attempt, change: { deferrals?: number; ageMs?: number } = {}) =>
  afterAttempt({ recipients, deferrals: change.deferrals ?? 0, queuedSinceMs: 0 }, attempt, change.ageMs ?? 0, middle);
const answered = (...answers: [string, "accepted" | "deferred" | "refused", string?][]): Attempt => ({
  kind: "answered",
  answers: answers.map(([address, verdict, answer = ""]) => ({ address, verdict, answer })),
});

describe("afterAttempt", () => {
  test("all accepted is sent", () => {
    expect(after(to(["a@x", "queued"]), answered(["a@x", "accepted"]))).toEqual({
      state: "sent",
      recipients: to(["a@x", "sent"]),
      deferrals: 0,
      lastError: null,
      nextAttemptAtMs: undefined,
    });
  });
  test("one refused does not keep the others from having it, and stays visible", () => {
    const result = after(
      to(["a@x", "queued"], ["b@x", "queued"]),
      answered(["a@x", "accepted"], ["b@x", "refused", "550 no such mailbox"]),
    );
    expect(result).toMatchObject({ state: "sent", lastError: "b@x: 550 no such mailbox", nextAttemptAtMs: undefined });
    expect(result.recipients[1]).toEqual({ address: "b@x", state: "refused", answer: "550 no such mailbox" });
  });
  test("all refused is refused", () => {
    expect(after(to(["a@x", "queued"]), answered(["a@x", "refused", "550 no"])).state).toBe("refused");
  });
  test("one deferred is tried again, alone", () => {
    const result = after(to(["a@x", "queued"], ["b@x", "queued"]), answered(["a@x", "accepted"], ["b@x", "deferred", "450 greylisted"]));
    expect(result).toMatchObject({ state: "queued", deferrals: 1, nextAttemptAtMs: 5_000 });
    expect(result.recipients.map(({ state }) => state)).toEqual(["sent", "queued"]);
  });
  test("retries of one mail slow down to four hours", () => {
    const waits = [0, 1, 2, 11, 12, 50].map(
      (deferrals) => after(to(["a@x", "queued"]), answered(["a@x", "deferred"]), { deferrals }).nextAttemptAtMs! / 1_000,
    );
    expect(waits).toEqual([5, 10, 20, 10_240, 14_400, 14_400]);
  });
  test("a server that is down counts for no mail", () => {
    expect(after(to(["a@x", "queued"]), { kind: "server", problem: "ECONNECTION" }, { deferrals: 3 })).toMatchObject({
      state: "queued",
      deferrals: 3,
      lastError: "ECONNECTION",
      nextAttemptAtMs: 8_000,
    });
  });
  test("a message that is turned away for good is refused for those who have not had it", () => {
    const result = after(to(["a@x", "sent"], ["b@x", "queued"]), { kind: "message", isPermanent: true, answer: "554 spam" });
    expect(result.state).toBe("sent");
    expect(result.recipients.map(({ state }) => state)).toEqual(["sent", "refused"]);
  });
  test("a message that is turned away for now waits", () => {
    expect(after(to(["a@x", "queued"]), { kind: "message", isPermanent: false, answer: "451 later" })).toMatchObject({
      state: "queued",
      lastError: "451 later",
    });
  });
  test("a recipient whom the server did not speak of stays queued", () => {
    expect(after(to(["a@x", "queued"], ["b@x", "queued"]), answered(["a@x", "accepted"])).recipients.map(({ state }) => state)).toEqual([
      "sent",
      "queued",
    ]);
  });
  test("trying ends after five days, and says so", () => {
    const result = after(to(["a@x", "queued"]), { kind: "server", problem: "ETIMEDOUT" }, { ageMs: giveUpAfterMs });
    expect(result.state).toBe("refused");
    expect(result.recipients[0]?.answer).toBe("given up after 5 days: ETIMEDOUT");
  });
});

describe("errors of the mail server", () => {
  const cases: Record<string, [error: unknown, attempt: Attempt]> = {
    "not reached": [
      { code: "ECONNECTION", message: "connect ECONNREFUSED" },
      { kind: "server", problem: "ECONNECTION: connect ECONNREFUSED" },
    ],
    "wrong password": [
      { code: "EAUTH", responseCode: 535, response: "535 no" },
      { kind: "server", problem: "EAUTH: 535 no" },
    ],
    "sender not allowed": [
      { code: "EENVELOPE", command: "MAIL FROM", responseCode: 553, response: "553 not yours" },
      { kind: "server", problem: "EENVELOPE: 553 not yours" },
    ],
    "too slow": [
      { code: "EABORT", message: "Message sending aborted" },
      { kind: "server", problem: "EABORT: Message sending aborted" },
    ],
    "content refused": [
      { code: "EMESSAGE", command: "DATA", responseCode: 554, response: "554 spam" },
      { kind: "message", isPermanent: true, answer: "554 spam" },
    ],
    "content deferred": [
      { code: "EMESSAGE", command: "DATA", responseCode: 451, response: "451 later" },
      { kind: "message", isPermanent: false, answer: "451 later" },
    ],
    "data command refused": [
      { code: "EENVELOPE", command: "DATA", responseCode: 451, response: "451 later" },
      { kind: "message", isPermanent: false, answer: "451 later" },
    ],
    "all recipients refused or deferred": [
      {
        code: "EENVELOPE",
        command: "RCPT TO",
        responseCode: 450,
        rejectedErrors: [
          { recipient: "a@x", responseCode: 550, response: "550 no" },
          { recipient: "b@x", responseCode: 450, response: "450 later" },
        ],
      },
      answered(["a@x", "refused", "550 no"], ["b@x", "deferred", "450 later"]),
    ],
    "an address that makes no sense": [
      { code: "EENVELOPE", command: "API", message: "Invalid recipient" },
      answered(["a@x", "refused", "Invalid recipient"]),
    ],
    "something that is no error object": ["broken", { kind: "server", problem: "broken" }],
  };
  for (const [name, [error, attempt]] of Object.entries(cases)) test(name, () => expect(attemptFrom(error, ["a@x"])).toEqual(attempt));
  test("secrets do not reach the outbox", () => {
    expect(JSON.stringify(attemptFrom({ code: "ESOCKET", message: "smtp://user:geheim@host failed" }, []))).not.toContain("geheim");
  });
});
