/** Uploads a release of the agent: the signed manifest first, then the files that it names, in parts. */
import { api } from "../../api/client.ts";

const manifestName = "release.json";
const partBytes = 512 * 1024;

/** What was chosen is not a whole release. */
export class ReleaseFilesError extends Error {
  /** Names of what is missing. */
  readonly missing: readonly string[];
  constructor(missing: readonly string[]) {
    super(missing.join(", "));
    this.missing = missing;
  }
}

/**
 * @param progress told the share that is there, 0 to 100
 * @returns the version that is offered now
 */
export async function uploadRelease(chosen: readonly File[], progress: (percent: number) => void): Promise<string> {
  const manifest = chosen.find(({ name }) => name === manifestName);
  if (!manifest) throw new ReleaseFilesError([manifestName]);
  const { version, files } = await api("createAgentRelease", { body: { envelope: await manifest.text() } });
  const open = files.map((file) => ({ ...file, source: chosen.find(({ name }) => name === file.name) }));
  const missing = open.filter(({ source, receivedBytes, sizeBytes }) => !source && receivedBytes < sizeBytes);
  if (missing.length > 0) throw new ReleaseFilesError(missing.map(({ name }) => name));
  const allBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let sentBytes = files.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
  for (const { source, sha256, sizeBytes, receivedBytes } of open) {
    for (let offset = receivedBytes; source && offset < sizeBytes; offset += partBytes) {
      const part = source.slice(offset, Math.min(offset + partBytes, sizeBytes));
      await api("addAgentReleasePart", { params: { version, sha256 }, body: { offset, data: await base64Of(part) } });
      sentBytes += part.size;
      progress(allBytes === 0 ? 100 : (sentBytes * 100) / allBytes);
    }
  }
  return version;
}

async function base64Of(part: Blob): Promise<string> {
  const bytes = new Uint8Array(await part.arrayBuffer());
  let text = "";
  // One argument a byte: more than this is too much for a call.
  for (let first = 0; first < bytes.length; first += 8_192) text += String.fromCharCode(...bytes.subarray(first, first + 8_192));
  return btoa(text);
}
