/** Releases of the agent in the double: one that has come halfway, and one that was halted. */
import type { AgentRollout, IncomingFile } from "@hauswart/protocol/api/agent-releases.ts";
import type { Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { ManifestError, openEnvelope, readManifest, type ReleaseManifest } from "@hauswart/protocol/release/manifest.ts";
import type { z } from "zod";
import type { Handlers } from "./handlers.ts";
import { found } from "./paging.ts";
import type { World } from "./world.ts";

const dayMs = 86_400_000;
/** The double has no release key: whoever has signed a manifest is believed. */
async function manifestOf(envelope: string): Promise<ReleaseManifest> {
  try {
    const keys = openEnvelope(envelope).signatures.map(({ key }) => key);
    return await readManifest(envelope, { number: 1, keys }, () => true);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path: "body.envelope", message: `${error.code}: ${error.message}` }],
    });
  }
}

const targets = ["linux", "darwin", "win32", "linux-x64", "windows-x64-baseline"];

export function agentReleaseHandlers(
  world: World,
): Pick<
  Handlers,
  | "createAgentRelease"
  | "addAgentReleasePart"
  | "listUpdateRings"
  | "listAgentReleases"
  | "changeAgentRollout"
  | "getDeviceUpdate"
  | "setUpdateRing"
> {
  const iso = (ms: number) => new Date(ms).toISOString();
  const ago = (days: number) => iso(world.nowMs() - days * dayMs);
  const rollouts: z.infer<typeof AgentRollout>[] = [
    { version: "0.3.0", state: "halted", stage: "canary", startedAt: ago(0.6), stageSince: ago(0.6), failedDevices: 2, endedDevices: 5 },
    { version: "0.2.0", state: "finished", stage: "all", startedAt: ago(40), stageSince: ago(37), failedDevices: 0, endedDevices: 61 },
  ];
  const rings = new Map<string, Result<"setUpdateRing">["ring"]>();
  return {
    listAgentReleases() {
      const counted = Map.groupBy(
        world.devices.filter(({ device }) => device.lifecycle === "active"),
        ({ device }) => device.agentVersion,
      );
      return {
        releases: rollouts.map((rollout, index) => ({
          version: rollout.version,
          createdAt: rollout.startedAt,
          expiresAt: iso(Date.parse(rollout.startedAt) + 730 * dayMs),
          targets,
          rollout,
          underWay: index === 0 ? 1 : 0,
          confirmed: rollout.endedDevices! - rollout.failedDevices!,
          failed: rollout.failedDevices!,
        })),
        versions: [...counted].map(([version, devices]) => ({ version, devices: devices.length })),
        problems: [{ folder: "0.3.1-test", problem: "MANIFEST_NOT_SIGNED: no signature of a release key that this build knows" }],
      };
    },
    changeAgentRollout({ version, action }) {
      const rollout = found(rollouts.find((one) => one.version === version));
      if (rollout.state === "finished") throw new HauswartError("CONFLICT");
      const next = { canary: "early", early: "all", all: "all" } as const;
      rollout.state = action === "pause" ? "paused" : "running";
      if (action === "advance") Object.assign(rollout, { stage: next[rollout.stage], stageSince: iso(world.nowMs()) });
      return rollout;
    },
    getDeviceUpdate({ deviceId }) {
      const { device } = found(world.devices.find((one) => one.device.deviceId === deviceId));
      const chosenRing = rings.get(deviceId) ?? null;
      return {
        agentVersion: device.agentVersion,
        canUpdate: true,
        ring: chosenRing ?? "all",
        chosenRing,
        running: "a",
        runtime: "1.4.5",
        target: "linux-x64",
        update: {
          version: "0.3.0",
          state: "rolled-back",
          code: "NO_LINK",
          detail: "Its server did not welcome it within 300 seconds.",
          attempts: 1,
          changedAt: ago(0.4),
        },
        ended: null,
      };
    },
    ...uploadHandlers(rollouts, () => iso(world.nowMs())),
    listUpdateRings: () => ({
      items: [...rings].flatMap(([subjectId, ring]) => {
        const kind = world.sites.some(({ siteId }) => siteId === subjectId) ? ("site" as const) : ("customer" as const);
        return ring === null ? [] : { kind, subjectId, ring };
      }),
    }),
    setUpdateRing({ subjectId, ring }) {
      rings.set(subjectId, ring);
      return { ring };
    },
  };
}

function uploadHandlers(
  rollouts: z.infer<typeof AgentRollout>[],
  now: () => string,
): Pick<Handlers, "createAgentRelease" | "addAgentReleasePart"> {
  const uploads = new Map<string, z.infer<typeof IncomingFile>[]>();
  return {
    async createAgentRelease({ envelope }) {
      const { version, files } = await manifestOf(envelope);
      if (rollouts.some((one) => one.version === version)) throw new HauswartError("CONFLICT");
      const upload = uploads.get(version) ?? files.map(({ name, sha256, sizeBytes }) => ({ name, sha256, sizeBytes, receivedBytes: 0 }));
      uploads.set(version, upload);
      return { version, files: upload };
    },
    addAgentReleasePart({ version, sha256, offset, data }) {
      const files = found(uploads.get(version));
      const file = found(files.find((one) => one.sha256 === sha256));
      if (offset !== file.receivedBytes) throw new HauswartError("INVALID_REQUEST");
      file.receivedBytes += atob(data).length;
      const isOffered = files.every(({ receivedBytes, sizeBytes }) => receivedBytes === sizeBytes);
      const at = now();
      if (isOffered)
        rollouts.unshift({
          version,
          state: "running",
          stage: "canary",
          startedAt: at,
          stageSince: at,
          failedDevices: 0,
          endedDevices: 0,
        });
      return { isOffered, files };
    },
  };
}
