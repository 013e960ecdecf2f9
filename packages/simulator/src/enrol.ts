/** Enrols simulated devices over the real endpoint, and keeps their keys so that a fleet can come back. */
import { makeKey } from "@hauswart/agent/identity/key.ts";
import { enrolmentProof } from "@hauswart/protocol/wire/proofs.ts";
import { EnrolResponse, type Computer } from "@hauswart/protocol/wire/messages.ts";
import { enrolPath } from "@hauswart/protocol/wire/versions.ts";
import { z } from "zod";
import type { SimulatedComputer } from "./computer.ts";

/** A device that exists on the server: what its agent would keep on disk. */
export const EnrolledDevice = z.object({
  index: z.int(),
  deviceId: z.uuid(),
  serverPublicKey: z.string(),
  /** Private key, PKCS #8, PEM. */
  key: z.string(),
});
export type EnrolledDevice = z.infer<typeof EnrolledDevice>;

export interface ServerAccess {
  /** Address without path. */
  readonly url: string;
  /** PEM of the certificate to trust; the well-known ones when left out. */
  readonly certificate?: string;
}

/** What a simulated agent says of its computer at a moment. */
export function describe(computer: SimulatedComputer, atMs = Date.now()): Computer {
  return {
    hostname: computer.hostname,
    system: "linux",
    systemName: computer.systemName,
    systemVersion: computer.systemVersion,
    architecture: "x64",
    fingerprint: `simulated-${computer.seed.toString(16).padStart(8, "0")}-${computer.index}`,
    bootedAt: computer.bootedAtMs(atMs),
    agentVersion: "0.1.0",
  };
}

/** @throws with the server's answer when it refuses. */
export async function enrolComputer(
  server: ServerAccess,
  computer: SimulatedComputer,
  token: string,
  nowMs = Date.now(),
): Promise<EnrolledDevice> {
  const { key, pem } = await makeKey();
  const signature = await key.sign(enrolmentProof(token, key.publicKey));
  const response = await fetch(server.url + enrolPath, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, publicKey: key.publicKey, signature, computer: describe(computer, nowMs) }),
    ...(server.certificate ? { tls: { ca: server.certificate } } : {}),
  });
  if (!response.ok) throw new Error(`The server refused to enrol ${computer.hostname}: ${response.status} ${await response.text()}`);
  const { deviceId, serverPublicKey } = EnrolResponse.parse(await response.json());
  return { index: computer.index, deviceId, serverPublicKey, key: pem };
}

/** Enrols many, a few at a time. `tokenFor` says which token a computer uses. */
export async function enrolComputers(
  server: ServerAccess,
  computers: readonly SimulatedComputer[],
  tokenFor: (computer: SimulatedComputer) => string,
  nowMs?: number,
): Promise<EnrolledDevice[]> {
  const enrolled: EnrolledDevice[] = [];
  const waiting = [...computers];
  const work = async () => {
    for (let computer = waiting.shift(); computer; computer = waiting.shift())
      enrolled.push(await enrolComputer(server, computer, tokenFor(computer), nowMs));
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return enrolled.sort((a, b) => a.index - b.index);
}
