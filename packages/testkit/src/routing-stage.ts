/** What the tests of routing stand on: a house with a customer, a real mail server, and somebody who plays Teams, ntfy and a push service. */
import { NewRecipient, type EscalationStep } from "@hauswart/protocol/api/routing.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { startDeliveries } from "@hauswart/server/channels/outbox/start-deliveries.ts";
import type { Context } from "@hauswart/server/context.ts";
import { applyFindingChanges, type FindingEffect } from "@hauswart/server/findings/apply.ts";
import type { FindingChange } from "@hauswart/server/findings/finding-change.ts";
import { composeMails } from "@hauswart/server/mail/compose/compose-mails.ts";
import { startSender } from "@hauswart/server/mail/outbox/sender.ts";
import { smtpTransport } from "@hauswart/server/mail/outbox/smtp.ts";
import { createEscalationPlan } from "@hauswart/server/routing/escalation/create-escalation-plan.ts";
import { createRecipient } from "@hauswart/server/routing/recipients/create-recipient.ts";
import { createRota } from "@hauswart/server/routing/rota/create-rota.ts";
import { runDueDigests, runDueEscalations } from "@hauswart/server/routing/start-routing.ts";
import { parseSettings } from "@hauswart/server/settings.ts";
import type { Server } from "bun";
import { afterAll, afterEach, beforeAll, beforeEach } from "bun:test";
import { testDatabase, type TestDatabase } from "./database.ts";
import { startMailServer, type MailServer, type ReceivedMail } from "./mail-server.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "./seed.ts";

const minuteMs = 60_000;

/** A request that reached the receiver. */
export interface Received {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** One stage for a whole file, a house of its own for each test. Call it once at the top; the stage is there from the first test on. */
export function routingStage(): RoutingStage {
  const stage = new RoutingStage();
  beforeAll(() => stage.open(), 60_000);
  afterAll(() => stage.close());
  beforeEach(() => stage.begin());
  afterEach(() => stage.clean());
  return stage;
}

export class RoutingStage {
  database!: TestDatabase;
  mailServer!: MailServer;
  tenant!: SeededTenant;
  deviceId!: Id;
  services!: TestServices;
  /** What Teams, ntfy and the push service were sent. */
  received: Received[] = [];
  /** How they answer. */
  answer: (request: Request) => Response = () => new Response("1", { status: 202 });
  #receiver: Server<undefined> | undefined;

  async open(): Promise<void> {
    this.database = await testDatabase();
    this.mailServer = await startMailServer();
    this.#receiver = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => this.#receive(request) });
  }

  async close(): Promise<void> {
    await this.#receiver?.stop(true);
    await this.mailServer.stop();
    await this.database.close();
  }

  /** A house of its own for the next test. */
  async begin(): Promise<void> {
    this.tenant = await seedTenant(this.database);
    this.deviceId = await seedDevice(this.database, this.tenant, this.tenant.first, "PC-EMPFANG");
    this.services = testServices(this.database, {
      settings: parseSettings({
        HAUSWART_SMTP_URL: this.mailServer.url,
        HAUSWART_MAIL_FROM: "Hauswart <alarm@systemhaus.example>",
        HAUSWART_URL: "https://hauswart.example",
        HAUSWART_TLS_AT_PROXY: "yes",
        // The receiver plays services that stand in the open.
        HAUSWART_OUTSIDE_NETWORKS: "127.0.0.1",
      }),
    });
    this.mailServer.mails.length = 0;
    this.received = [];
    this.answer = () => new Response("1", { status: 202 });
  }

  /** What a test leaves behind is nobody's business any more. */
  async clean(): Promise<void> {
    await this.database.unwalled("clean", async (tx) => {
      await tx.sql("update hauswart.mail set state = 'kept'");
      for (const table of ["delivery", "escalation", "escalation_call", "held_notice"]) await tx.sql(`delete from hauswart.${table}`);
    });
  }

  /** Address of the receiver. */
  at(path: string): string {
    return `http://127.0.0.1:${this.#receiver!.port}${path}`;
  }

  async #receive(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    this.received.push({ path: pathname, headers: Object.fromEntries(request.headers), body: Buffer.from(await request.arrayBuffer()) });
    return this.answer(request);
  }

  ctx(changes: Partial<Context> = {}): Context {
    return contextFor(this.services, this.tenant, changes);
  }

  caller() {
    return { services: this.services, address: "127.0.0.1", userAgent: "test", token: undefined };
  }

  recipient(input: Partial<Parameters<typeof createRecipient>[0]["input"]>) {
    return createRecipient({ ctx: this.ctx(), input: NewRecipient.parse({ language: "en", ...input }) });
  }

  async person(name: string, role = "technician"): Promise<Id> {
    const accountId = newId();
    await this.database.unwalled("a test", (tx) =>
      tx.sql(
        "insert into hauswart.account (provider_id, account_id, email, name, role, language, password_hash) values ($1, $2, $3, $4, $5, 'en', 'x')",
        [this.tenant.providerId, accountId, `${name.toLowerCase()}-${accountId.slice(-6)}@house.example`, name, role],
      ),
    );
    return accountId;
  }

  change(kind: "open" | "change" | "close", code = "silent", more: Partial<FindingChange> = {}): FindingChange {
    const { customerId, siteId } = this.tenant.first;
    return {
      kind,
      code,
      subject: "",
      atMs: this.services.clock.now(),
      evidence: { lastSeenAtMs: this.services.clock.now() - 300_000 },
      severity: "failure",
      noticeDueAtMs: null,
      reason: "recovered",
      scope: { customerId, siteId, deviceId: this.deviceId, check: "device", checkNumber: null, instance: "" },
      ...more,
    } as FindingChange;
  }

  async apply(...changes: FindingChange[]): Promise<FindingEffect[]> {
    const { providerId } = this.tenant;
    const actor = { kind: "system", id: "test", name: "test" } as const;
    const made = await this.database.transaction(this.ctx(), (tx) =>
      applyFindingChanges(tx, this.services, { providerId, actor }, changes),
    );
    await composeMails(this.services, providerId);
    return made;
  }

  /** Does what is due by the clock, and sends it. */
  async due(): Promise<void> {
    await runDueEscalations(this.services);
    await runDueDigests(this.services);
    const { mails } = this.mailServer;
    const before = mails.length;
    await startSender(this.services, smtpTransport(this.mailServer.url)).stop();
    // They leave side by side and arrive in any order.
    const readers = ({ recipients }: ReceivedMail) => recipients.join();
    mails.push(...mails.splice(before).sort((one, other) => (readers(one) < readers(other) ? -1 : 1)));
    await startDeliveries(this.services).stop();
  }

  async later(minutes: number): Promise<void> {
    this.services.clock.advance(minutes * minuteMs);
    await this.due();
  }

  /** Recipients and subjects of the mails since the last look. */
  mailed(): string[] {
    return this.mailServer.mails.splice(0).map(({ recipients, message }) => `${recipients.join()}: ${message.subject}`);
  }

  /** Who was written to since the last look, by first name. */
  who(): (string | undefined)[] {
    return this.mailed().map((line) => line.split("-")[0]);
  }

  /** Two layers: Anna and Ben by the week, Clara behind them. */
  async onCall(steps?: EscalationStep[], repeats = 0) {
    const anna = await this.person("Anna");
    const ben = await this.person("Ben");
    const clara = await this.person("Clara");
    const olga = await this.person("Olga", "owner");
    const layer = (name: string, ...accountIds: Id[]) => ({
      name,
      hours: "always" as const,
      startsOn: "2026-03-02",
      handover: { weekday: 1, time: "08:00" },
      everyWeeks: 1,
      accountIds,
    });
    const { rotaId } = await createRota({
      ctx: this.ctx(),
      input: { name: "On call", timeZone: "Europe/Berlin", layers: [layer("First", anna, ben), layer("Second", clara)] },
    });
    const usual: EscalationStep[] = [
      { afterMinutes: 0, to: { kind: "rota", rotaId, layer: 0 } },
      { afterMinutes: 15, to: { kind: "rota", rotaId, layer: 1 } },
      { afterMinutes: 30, to: { kind: "owners" } },
    ];
    const plan = await createEscalationPlan({
      ctx: this.ctx(),
      input: { customerId: null, name: "Failures", fromSeverity: "failure", topics: null, hours: "always", steps: steps ?? usual, repeats },
    });
    return { anna, ben, clara, olga, rotaId, plan };
  }
}
