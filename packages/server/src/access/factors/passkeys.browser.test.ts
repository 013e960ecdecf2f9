/** Passkeys as a real browser makes them: Chromium with an authenticator of its own, at the server's address. */
import { afterAll, beforeAll, expect } from "bun:test";
import { openBrowser, type TestBrowser } from "@hauswart/testkit/browser.ts";
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";

let server: TestServer;
let browser: TestBrowser | undefined;
let consoleDirectory: string;
beforeAll(async () => {
  if (whyNoBrowser() !== undefined) return;
  consoleDirectory = mkdtempSync(join(tmpdir(), "hauswart-page-"));
  writeFileSync(join(consoleDirectory, "index.html"), '<!doctype html><html lang="en"><title>page</title></html>');
  server = await testServer({ consoleDirectory });
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  if (consoleDirectory !== undefined) {
    await server.close();
    rmSync(consoleDirectory, { recursive: true });
  }
});

/** A page at localhost with an authenticator that verifies its user, as telephones and computers have one. */
async function pageWithAuthenticator(): Promise<Page> {
  const page = await browser!.newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto(server.url.replace("127.0.0.1", "localhost"));
  return page;
}

/** Calls the API as the console does: with the cookie and the console's header. */
const call = (page: Page, method: string, path: string, body?: unknown) =>
  page.evaluate(
    async ([how, where, what]) => {
      const answer = await fetch(`/api/v1${where}`, {
        method: how,
        headers: { "content-type": "application/json", "x-hauswart-request": "console" },
        ...(what === null ? {} : { body: JSON.stringify(what) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: (text === "" ? {} : JSON.parse(text)) as Record<string, never> };
    },
    [method, path, body ?? null] as const,
  );

/** `create` or `get` of the browser, with the server's options and its own words for the answer. */
const ask = (page: Page, what: "create" | "get", options: unknown) =>
  page.evaluate(
    async ([how, asked]) => {
      const { PublicKeyCredential, navigator } = globalThis as unknown as {
        PublicKeyCredential: Record<"parseCreationOptionsFromJSON" | "parseRequestOptionsFromJSON", (from: unknown) => unknown>;
        navigator: { credentials: Record<"create" | "get", (wish: { publicKey: unknown }) => Promise<{ toJSON(): unknown }>> };
      };
      const publicKey =
        how === "create" ? PublicKeyCredential.parseCreationOptionsFromJSON(asked) : PublicKeyCredential.parseRequestOptionsFromJSON(asked);
      return (await navigator.credentials[how]({ publicKey })).toJSON();
    },
    [what, options] as const,
  );

testNeeding(whyNoBrowser())(
  "a passkey made in Chromium is the second factor, signs in alone, and proves anew",
  async () => {
    const page = await pageWithAuthenticator();
    expect((await call(page, "POST", "/sessions", server.owner)).status).toBe(201);
    const begun = await call(page, "POST", "/account/passkeys/options");
    const registration = await ask(page, "create", begun.body["options"]);
    const added = await call(page, "POST", "/account/passkeys", {
      name: "Chromium",
      challenge: begun.body["challenge"],
      passkey: registration,
    });
    expect([added.status, added.body["passkey"]]).toMatchObject([201, { name: "Chromium" }]);
    expect((await call(page, "DELETE", "/sessions/current")).status).toBe(204);

    const refused = await call(page, "POST", "/sessions", server.owner);
    expect([refused.status, refused.body["code"], refused.body["factors"]]).toEqual([
      401,
      "SECOND_FACTOR_REQUIRED",
      ["passkey", "recovery-code"],
    ] as never);
    const second = await ask(page, "get", refused.body["passkeyOptions"]);
    expect((await call(page, "POST", "/sessions/second-factor", { challenge: refused.body["challenge"], passkey: second })).status).toBe(
      201,
    );
    expect((await call(page, "DELETE", "/sessions/current")).status).toBe(204);

    const alone = await call(page, "POST", "/sessions/passkey/options");
    const passkey = await ask(page, "get", alone.body["options"]);
    const session = await call(page, "POST", "/sessions/passkey", { challenge: alone.body["challenge"], passkey });
    expect([session.status, session.body["token"]]).toEqual([201, ""] as never);

    const offer = await call(page, "POST", "/sessions/step-up/options");
    const proof = await ask(page, "get", offer.body["passkeyOptions"]);
    expect((await call(page, "POST", "/sessions/step-up", { challenge: offer.body["challenge"], passkey: proof })).status).toBe(200);
  },
  60_000,
);
