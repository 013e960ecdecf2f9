import { afterEach, beforeEach, expect, test } from "bun:test";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedTenant, type SeededTenant } from "@hauswart/testkit/seed.ts";
import { loadIdentity } from "../identity.ts";
import { placeOfSecret } from "../policies/policy-secrets.ts";
import { openSecret, sealSecret } from "../webhooks/stored-secret.ts";
import { loadSealedBox } from "./master-key.ts";
import { rotateMasterKey } from "./rotate-master-key.ts";

let database: TestDatabase;
let dataDirectory: string;
let tenant: SeededTenant;
const [accountId, issuerId, webhookId, policyId, secretId] = [newId(), newId(), newId(), newId(), newId()];
beforeEach(async () => {
  database = await testDatabase();
  dataDirectory = mkdtempSync(join(tmpdir(), "hauswart-key-"));
  tenant = await seedTenant(database);
});
afterEach(async () => {
  await database.close();
  rmSync(dataDirectory, { recursive: true });
});

const settings = () => ({ dataDirectory, masterKeyFile: undefined });
const keyPath = () => join(dataDirectory, "secrets", "master.key");
const totp = () => ({ table: "account_totp", row: `${tenant.providerId}/${accountId}` });
const issuer = () => ({ table: "oidc_issuer", row: `${tenant.providerId}/${issuerId}` });

/** One of each. */
async function sealSome() {
  const box = await loadSealedBox(settings(), database);
  const { providerId } = tenant;
  await database.unwalled("a test", async (tx) => {
    await tx.sql(
      "insert into hauswart.account (provider_id, account_id, email, name, role, password_hash) values ($1, $2, 'a@example.com', 'A', 'owner', 'x')",
      [providerId, accountId],
    );
    await tx.sql("insert into hauswart.account_totp (provider_id, account_id, secret, created_at) values ($1, $2, $3, now())", [
      providerId,
      accountId,
      box.seal(Buffer.from("totp"), totp()),
    ]);
    await tx.sql(
      `insert into hauswart.oidc_issuer (provider_id, oidc_issuer_id, name, issuer, client_id, client_secret, active, creates_accounts, counts_as_second_factor, created_at)
       values ($1, $2, 'I', 'https://issuer.example.com', 'client', $3, true, false, false, now())`,
      [providerId, issuerId, box.seal(Buffer.from("client secret"), issuer())],
    );
    await tx.sql("insert into hauswart.policy (provider_id, policy_id, name) values ($1, $2, 'P')", [providerId, policyId]);
    await tx.sql(
      "insert into hauswart.policy_secret (provider_id, secret_id, policy_id, sealed, created_at) values ($1, $2, $3, $4, now())",
      [providerId, secretId, policyId, box.seal(Buffer.from("community"), placeOfSecret(providerId, secretId))],
    );
    await tx.sql("insert into hauswart.webhook (provider_id, webhook_id, url, secret) values ($1, $2, 'https://example.com', $3)", [
      providerId,
      webhookId,
      sealSecret(box, providerId, webhookId, "whsec_x"),
    ]);
  });
  return (await loadIdentity(database, box)).publicKey;
}

async function opened() {
  const box = await loadSealedBox(settings(), database);
  const [row] = await database.unwalled("a test", (tx) =>
    tx.sql<{ totp: Buffer; client: Buffer; policy: Buffer; hook: string }>(
      `select (select secret from hauswart.account_totp) as totp, (select client_secret from hauswart.oidc_issuer) as client, (select sealed from hauswart.policy_secret) as policy, (select secret from hauswart.webhook) as hook`,
    ),
  );
  return [
    box.open(row!.totp, totp()).toString(),
    box.open(row!.client, issuer()).toString(),
    box.open(row!.policy, placeOfSecret(tenant.providerId, secretId)).toString(),
    openSecret(box, tenant.providerId, webhookId, row!.hook),
    (await loadIdentity(database, box)).publicKey,
  ];
}

test("everything opens with the new key, and nothing with the old one any more", async () => {
  const identity = await sealSome();
  const before = readFileSync(keyPath(), "utf8");
  expect(await rotateMasterKey(settings(), database)).toBe(5);
  expect(readFileSync(keyPath(), "utf8")).not.toBe(before);
  expect(existsSync(`${keyPath()}.next`)).toBe(false);
  expect(await opened()).toEqual(["totp", "client secret", "community", "whsec_x", identity]);
  writeFileSync(keyPath(), before, { mode: 0o600 });
  await expect(loadSealedBox(settings(), database)).rejects.toThrow(/is not the one of this database/);
});

test("a process that dies after the commit leaves the new key where the next start finds it", async () => {
  const identity = await sealSome();
  copyFileSync(keyPath(), join(dataDirectory, "old"));
  await rotateMasterKey(settings(), database);
  copyFileSync(keyPath(), `${keyPath()}.next`);
  copyFileSync(join(dataDirectory, "old"), keyPath());
  expect(await opened()).toEqual(["totp", "client secret", "community", "whsec_x", identity]);
  expect(existsSync(`${keyPath()}.next`)).toBe(false);
});

test("a process that dies before the commit leaves the old key in use", async () => {
  const identity = await sealSome();
  writeFileSync(`${keyPath()}.next`, `hauswart-master-key-1:${Buffer.alloc(32, 3).toString("base64")}\n`, { mode: 0o600 });
  expect(await opened()).toEqual(["totp", "client secret", "community", "whsec_x", identity]);
  expect(await rotateMasterKey(settings(), database)).toBe(5);
  expect(await opened()).toEqual(["totp", "client secret", "community", "whsec_x", identity]);
});

test("a database on which no server has run has no key to change, and gets none", async () => {
  await expect(rotateMasterKey(settings(), database)).rejects.toThrow(/No server has run on this database/);
  expect(existsSync(keyPath())).toBe(false);
});

test("the key is not changed under a running server", async () => {
  await sealSome();
  const before = readFileSync(keyPath(), "utf8");
  await database.unwalled("a test", (tx) =>
    tx.sql("insert into hauswart.server_process (process_id, started_at, alive_at) values ($1, now(), now())", [newId()]),
  );
  await expect(rotateMasterKey(settings(), database)).rejects.toThrow(/A server runs/);
  expect(readFileSync(keyPath(), "utf8")).toBe(before);
});
