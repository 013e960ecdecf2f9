/** A real server with its judges and its mails, and what a test asks of it about one device. */
import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { startMail } from "@hauswart/server/mail/start-mail.ts";
import type { JudgedCheck } from "@hauswart/server/services.ts";
import { startMailServer, type MailServer } from "./mail-server.ts";
import { testServer, type TestServer } from "./server.ts";
import { until } from "./until.ts";

export interface HouseServer {
  readonly server: TestServer;
  readonly mails: MailServer;
  stop(): Promise<void>;
}

export interface DeviceDesk {
  /** Makes the device's one policy say this. @returns its id */
  setPolicy(checks: readonly PolicyCheckInput[]): Promise<Id>;
  /** Asks the agent to measure at once. */
  measureNow(): Promise<void>;
  /** Looks until the check is as wanted; fails with what it last was. */
  waitForCheck(check: string, instance: string, isWanted: (found: DeviceCheck) => boolean): Promise<DeviceCheck>;
}

type PolicyCheckInput = Pick<PolicyCheck, "check"> & Partial<PolicyCheck>;

/** Shorter than the cycle of a check, so that a measurement that was asked for and got lost shows. */
const limitMs = 45_000;

/** Starts server and mail server. */
export async function startHouseServer(judged: readonly JudgedCheck[]): Promise<HouseServer> {
  const mails = await startMailServer();
  const server = await testServer({
    services: { checks: new Map(judged.map((one) => [one.definition.id, one])) },
    settings: { smtpUrl: mails.url },
  });
  const mail = startMail(server.services);
  return {
    server,
    mails,
    async stop() {
      await mail.stop();
      await server.close();
      await mails.stop();
    },
  };
}

/** Makes a customer with a site and somebody who gets mails. @returns a token to enrol devices there with */
export async function newEnrolmentToken(server: TestServer): Promise<string> {
  const { customerId } = await server.api("createCustomer", { body: { name: "Muster GmbH" } });
  const { siteId } = await server.api("createSite", { body: { customerId, name: "Zentrale" } });
  await server.api("createRecipient", { body: { address: "technik@example.com", language: "de" } });
  return (await server.api("createEnrolmentToken", { body: { siteId } })).token;
}

/** @param agentSaid the agent's own words, for the message of a failure */
export function deviceDesk(server: TestServer, deviceId: Id, agentSaid: () => string): DeviceDesk {
  let policy: { policyId: Id; revision: number } | undefined;
  return {
    async setPolicy(checks) {
      const said = checks.map((check) => ({ instance: "", enabled: true, settings: {}, ...check }));
      policy = policy
        ? await server.api("changePolicy", { params: { policyId: policy.policyId }, body: { checks: said, revision: policy.revision } })
        : await server.api("createPolicy", {
            body: { name: "House", checks: said, assignments: [{ scope: "device", scopeId: deviceId }] },
          });
      return policy.policyId;
    },
    measureNow: async () => void (await server.api("measureDevice", { params: { deviceId } })),
    async waitForCheck(check, instance, isWanted) {
      let last: DeviceCheck | undefined;
      return until(
        () => `${check} ${instance} as it was wanted; it is ${JSON.stringify(last)}\n${agentSaid()}`,
        async () => {
          const { items } = await server.api("listDeviceChecks", { params: { deviceId } });
          last = items.find((one) => one.check === check && one.instance === instance);
          return last && isWanted(last) && last;
        },
        limitMs,
      );
    },
  };
}
