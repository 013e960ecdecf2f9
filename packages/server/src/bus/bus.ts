/**
 * Messages between parts of the server, whichever process they live in. In process when the server is alone; the same
 * interface carries over several processes. A message is a hint, never the only copy: who missed it reads the database.
 */
import type { LiveEvent } from "@hauswart/protocol/api/models.ts";
import type { Id } from "@hauswart/protocol/ids.ts";

/** Every topic with the shape of its messages. */
export interface Topics {
  /** Something that the console shows has changed. */
  live: LiveEvent & { providerId: Id };
  /** The check instances of a device, or its site, have changed: reload them and tell the agent. */
  "device-configuration": { providerId: Id; deviceId: Id };
  /** Ask the agent to measure now. */
  "device-measure": { providerId: Id; deviceId: Id; checks?: number[] };
  /** Ask an agent whether it sees a neighbour that is not heard of. */
  "look-for-device": { providerId: Id; deviceId: Id; witnessId: Id; addresses: string[] };
  /** There are other devices that the server measures itself than before. */
  "outside-devices": { providerId: Id };
  /** Whether agents are to tell who is signed in was changed, for a customer or for the whole house: look again, and tell them. */
  "signed-in-asked": { providerId: Id; customerId?: Id };
  /** Close the device's connection: it was revoked, quarantined or taken over. */
  "device-disconnect": { providerId: Id; deviceId: Id; code: string };
  /** Sessions of these accounts, or these keys, have ended or may something else now: look again. */
  "access-changed": { providerId: Id; actorIds: Id[] };
  /** Somebody has changed how a release of the agent goes out. */
  "agent-rollouts": { providerId: Id };
  /** Calendars, holidays, who works by which, or a time zone: read them again. */
  "calendars-changed": { providerId: Id };
  /** There are new rows in finding_notice. */
  "finding-notices": { providerId: Id };
  /** There are new rows in delivery. */
  "deliveries-queued": { providerId: Id };
  /** There are findings on their way through an escalation plan that are due. */
  "escalations-due": { providerId: Id };
  /** There are new rows in mail. */
  "mail-queued": { providerId: Id };
}

export interface Bus {
  publish<Topic extends keyof Topics>(topic: Topic, message: Topics[Topic]): void;
  /** @returns a function that ends the subscription. A handler that throws is logged and harms nobody else. */
  subscribe<Topic extends keyof Topics>(topic: Topic, handler: (message: Topics[Topic]) => void | Promise<void>): () => void;
}
