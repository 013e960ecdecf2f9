import { expect, test } from "bun:test";
import nodemailer, { type TransportOptions } from "nodemailer";
import { startMailServer } from "./mail-server.ts";
import { until } from "./until.ts";

const mail = {
  from: "hauswart@provider.example",
  to: "office@customer.example",
  subject: "Festplatte fast voll: 4 %",
  text: "Grüße",
  messageId: "<one@provider.example>",
};

/** Sends by a new connection; `responseCode` of the error when it is refused. */
async function send(url: string, changes: Record<string, unknown> = {}): Promise<number | string> {
  const transport = nodemailer.createTransport({ url, ignoreTLS: true, connectionTimeout: 5_000 } as TransportOptions);
  try {
    await transport.sendMail({ ...mail, ...changes });
    return "sent";
  } catch (error) {
    return (error as { responseCode?: number; code?: string }).responseCode ?? (error as { code: string }).code;
  } finally {
    transport.close();
  }
}

test("keeps a mail with its envelope and its parsed content", async () => {
  await using server = await startMailServer();
  expect(await send(server.url, { to: "a@x.example", bcc: "b@x.example" })).toBe("sent");
  const received = await server.waitForMail((one) => one.message.messageId === mail.messageId);
  expect(received).toMatchObject({ sender: mail.from, recipients: ["a@x.example", "b@x.example"], answered: true });
  expect(received.message.subject).toBe(mail.subject);
  expect(received.message.text?.trim()).toBe("Grüße");
});

test("waits for a mail that comes later and tells what came when none fits", async () => {
  await using server = await startMailServer();
  const waiting = server.waitForMail((one) => one.recipients.includes("late@x.example"));
  expect(await send(server.url)).toBe("sent");
  expect(await send(server.url, { to: "late@x.example" })).toBe("sent");
  expect((await waiting).recipients).toEqual(["late@x.example"]);
  await expect(server.waitForMail(() => false, 20)).rejects.toThrow(mail.subject);
});

test("refuses one recipient for good and takes the others", async () => {
  await using server = await startMailServer();
  server.behaviour.refusedRecipients.add("gone@x.example");
  expect(await send(server.url, { to: "Gone@x.example" })).toBe(550);
  expect(await send(server.url, { to: ["gone@x.example", "there@x.example"] })).toBe("sent");
  expect(server.mails.map((one) => one.recipients)).toEqual([["there@x.example"]]);
});

test("fails for a while, at the recipient or at the message, and keeps nothing", async () => {
  await using server = await startMailServer();
  for (const place of ["recipient", "message"] as const) {
    server.behaviour.temporaryFailure = place;
    expect(await send(server.url)).toBe(451);
  }
  server.behaviour.temporaryFailure = undefined;
  expect(await send(server.url)).toBe("sent");
  expect(server.mails).toHaveLength(1);
});

test("takes a mail and drops the connection before the answer", async () => {
  await using server = await startMailServer();
  server.behaviour.dropsAfterMessage = 1;
  expect(await send(server.url)).not.toBe("sent");
  expect(await send(server.url)).toBe("sent");
  expect(server.mails.map((one) => [one.answered, one.message.messageId])).toEqual([
    [false, mail.messageId],
    [true, mail.messageId],
  ]);
});

test("goes down while it hesitates over a mail, forgets that one, and comes back at the same address", async () => {
  await using server = await startMailServer();
  server.behaviour.delayMs = 10_000;
  const cutOff = send(server.url);
  await until("the mail", () => server.pendingCount > 0);
  const { url } = server;
  await server.stop();
  expect(await cutOff).not.toBe("sent");
  expect(await send(url)).not.toBe("sent");
  server.behaviour.delayMs = 0;
  await server.start();
  expect(server.url).toBe(url);
  expect(await send(url)).toBe("sent");
  expect(server.mails).toHaveLength(1);
});

test("asks for credentials when it has some", async () => {
  await using server = await startMailServer({ credentials: { user: "hauswart", password: "p@ss word" } });
  expect(await send(server.url)).toBe("sent");
  expect(await send(server.url.replace("p%40ss", "wrong"))).toBe(535);
});
