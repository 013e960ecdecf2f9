import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newToken } from "@hauswart/server/access/tokens.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { answerDownload } from "./agent-downloads.ts";

const root = temporaryFolder("download");
const folders = { installers: join(root, "installers"), programs: join(root, "agent") };
for (const folder of Object.values(folders)) mkdirSync(folder);
writeFileSync(join(folders.installers, "hauswart-agent-windows-x64.msi"), "a package");
writeFileSync(join(folders.programs, "secret"), "a secret");

let server: TestServer;
let enrolment: { token: string; enrolmentTokenId: string };
beforeAll(async () => {
  server = await testServer();
  const { customerId } = await server.api("createCustomer", { body: { name: "Bau" } });
  const { siteId } = await server.api("createSite", { body: { customerId, name: "Hof" } });
  enrolment = await server.api("createEnrolmentToken", { body: { siteId } });
}, 60_000);
afterAll(() => server.close());

const get = (path: string, token: string | undefined, method = "GET") =>
  answerDownload(
    new Request(`http://localhost${path}`, { method }),
    { services: server.services, address: "127.0.0.1", userAgent: "test", token },
    folders,
  );
const codeOf = (answer: Promise<Response>) =>
  answer.then(
    () => "answered",
    (error: unknown) => (error instanceof HauswartError ? error.code : String(error)),
  );
const path = "/download/hauswart-agent-windows-x64.msi";

test("an enrolment token, a session or a key opens the files; nothing else does", async () => {
  expect(await (await get(path, enrolment.token)).text()).toBe("a package");
  expect(await (await get(path, server.token)).text()).toBe("a package");
  for (const token of [undefined, "", newToken("enrolment"), newToken("session"), "nonsense"])
    expect([token, await codeOf(get(path, token))]).toEqual([token, "UNAUTHENTICATED"]);
});

test.each([
  "/download/secret",
  "/download/../secret",
  "/download/%2e%2e/secret",
  "/download/..%2fsecret",
  "/download/hauswart-agent-windows-x64.msi/../secret",
  "/download/hauswart-agent-plan9-x64",
  "/download/installers.json",
  "/download/",
  "/download/hauswart-agent-windows-x64.msi%00",
  "/download//etc/passwd",
])("%s leads nowhere", async (wrong) => {
  expect(await codeOf(get(wrong, enrolment.token))).toBe("NOT_FOUND");
});

test("a file is only read", async () => {
  expect(await codeOf(get(path, enrolment.token, "DELETE"))).toBe("METHOD_NOT_ALLOWED");
});

test("the script for Linux names this server and no token", async () => {
  const text = await (await get("/download/install-linux.sh", enrolment.token)).text();
  expect(text).toContain(`server='${server.services.settings.url}'`);
  expect(text).not.toContain(enrolment.token);
});

test("a token that was ended opens nothing any more", async () => {
  await server.api("revokeEnrolmentToken", { params: { enrolmentTokenId: enrolment.enrolmentTokenId } });
  expect(await codeOf(get(path, enrolment.token))).toBe("UNAUTHENTICATED");
});

test("over HTTP the token stands in the header, and the console's cookie must come from the console", async () => {
  const fetched = await fetch(`${server.url}/download/install-linux.sh`, { headers: { authorization: `Bearer ${server.token}` } });
  expect([fetched.status, fetched.headers.get("cache-control")]).toEqual([200, "private, no-cache"]);
  expect((await fetch(`${server.url}/download/install-linux.sh`)).status).toBe(401);
  const cookie = `hauswart-session=${server.token}`;
  const foreign = await fetch(`${server.url}/download/install-linux.sh`, { headers: { cookie, "sec-fetch-site": "cross-site" } });
  expect(foreign.status).toBe(403);
});
