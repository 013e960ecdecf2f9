import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { ManifestError, type ReleaseManifest } from "@hauswart/protocol/release/manifest.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Context, Verb } from "../context.ts";
import { beginRelease, incomingFiles } from "./incoming-release.ts";
import { envelopeFile, manifestOf, releaseShelf } from "./release-shelf.ts";

/**
 * Begins to take in a release: its signed manifest. @returns the files that are to follow, and how much of each is there already.
 * Errors: FORBIDDEN, INVALID_REQUEST (not signed by a release key of this server, malformed, expired), CONFLICT (there is this version already).
 */
export async function createAgentRelease({ ctx, input }: Verb<Input<"createAgentRelease">>): Promise<Result<"createAgentRelease">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { services } = ctx;
  const { directory } = services.settings.releases;
  const manifest = await signedManifest(ctx, input.envelope);
  const { version } = manifest;
  const shelf = releaseShelf(services);
  await shelf.refresh();
  if (shelf.folders.includes(version)) throw new HauswartError("CONFLICT", `There is a release ${version} already.`);
  await beginRelease(directory, input.envelope, manifest, services.clock.now());
  await services.database.transaction(ctx, (tx) =>
    audit(tx, ctx, {
      action: "agent-release.upload",
      subject: { kind: "agent-release", id: version },
      customerId: null,
      detail: { files: manifest.files.map(({ name, sha256 }) => ({ name, sha256 })) },
    }),
  );
  return { version, files: await incomingFiles(directory, manifest) };
}

/** The manifest in an envelope that this server would offer. Errors: INVALID_REQUEST. */
export async function signedManifest({ services }: Context, envelope: string): Promise<ReleaseManifest> {
  try {
    const manifest = await manifestOf(envelope, services.settings.releases.keysFile);
    if (manifest.files.some(({ name }) => name === envelopeFile))
      throw new ManifestError("MANIFEST_MALFORMED", "a file has the name of the manifest");
    if (manifest.expiresAtMs < services.clock.now()) throw new ManifestError("MANIFEST_EXPIRED", "the release is offered no longer");
    return manifest;
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path: "body.envelope", message: `${error.code}: ${error.message}` }],
    });
  }
}
