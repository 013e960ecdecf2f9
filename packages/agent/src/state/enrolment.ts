/** What the agent knows since it was enrolled: agent.json, and the key file that it names. */
import * as z from "zod/mini";
import { PublicKey } from "@hauswart/protocol/wire/messages.ts";
import type { DataDirectory } from "./data-directory.ts";

export const enrolmentFileName = "agent.json";

export const Enrolment = z.object({
  /** Where the server is, as given: https://… or http:// on loopback. */
  server: z.url(),
  deviceId: z.uuid(),
  /** The server's own key. Pinned: whatever certificates or host names come, only its holder is believed. */
  serverPublicKey: PublicKey,
  /** Name of the file with the agent's private key. A file per key, so that enrolling anew replaces both at once. */
  keyFile: z.string().check(z.regex(/^identity-[0-9a-f]{16}\.key$/)),
  enrolledAt: z.int(),
  /** As given at enrolment: http://user:password@host:port, pac+https://…, or direct. Environment when left out. */
  proxy: z.optional(z.string()),
  /** Certificates (PEM) that are trusted besides the well-known ones. */
  certificates: z.optional(z.string()),
  /** Most bytes that the buffer may take; 256 MiB when left out. */
  bufferLimitMebibytes: z.optional(z.int().check(z.gte(4), z.lte(65_536))),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** The enrolment; undefined while the agent is not enrolled. Throws StateFileError when the file is damaged. */
export function readEnrolment(data: DataDirectory): Enrolment | undefined {
  return data.readJson(enrolmentFileName, Enrolment);
}

/** Folder of a device's buffer within the data directory. */
export const bufferFolder = (deviceId: string): string => `buffer-${deviceId}`;
