import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { oneAtATime } from "../jobs/one-at-a-time.ts";
import { signedManifest } from "./create-agent-release.ts";
import { addPart, incomingEnvelope, incomingFiles, PartError, shelveRelease } from "./incoming-release.ts";
import { releaseShelf } from "./release-shelf.ts";

/**
 * Takes in a part of a file of a release that was begun. With the last part of the last file the release is offered. What is there
 * already may be sent again. Errors: FORBIDDEN, NOT_FOUND (no such release begun, no such file in it), INVALID_REQUEST (part of another place, other content than was signed).
 */
export async function addAgentReleasePart({ ctx, input }: Verb<Input<"addAgentReleasePart">>): Promise<Result<"addAgentReleasePart">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  return inTurn(() => takePart({ ctx, input }));
}

/** Parts are taken in one after another: of two that end a file at the same moment one would find it half written. */
const inTurn = oneAtATime();

async function takePart({ ctx, input }: Verb<Input<"addAgentReleasePart">>): Promise<Result<"addAgentReleasePart">> {
  const { services, providerId } = ctx;
  const { directory } = services.settings.releases;
  const { version, sha256, offset, data } = input;
  const envelope = await incomingEnvelope(directory, version);
  if (envelope === undefined) throw new HauswartError("NOT_FOUND");
  const manifest = await signedManifest(ctx, envelope);
  const file = manifest.files.find((one) => one.sha256 === sha256);
  if (!file) throw new HauswartError("NOT_FOUND");
  try {
    await addPart(directory, version, file, offset, Buffer.from(data, "base64"));
  } catch (error) {
    if (!(error instanceof PartError)) throw error;
    throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.data", message: error.message }] });
  }
  const files = await incomingFiles(directory, manifest);
  if (files.some(({ receivedBytes, sizeBytes }) => receivedBytes < sizeBytes)) return { isOffered: false, files };
  await shelveRelease(directory, version);
  await releaseShelf(services).refresh();
  await services.database.transaction(ctx, (tx) =>
    audit(tx, ctx, { action: "agent-release.offer", subject: { kind: "agent-release", id: version }, customerId: null, detail: {} }),
  );
  services.bus.publish("agent-rollouts", { providerId });
  return { isOffered: true, files };
}
