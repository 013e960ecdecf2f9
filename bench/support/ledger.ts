/** What simulated agents have sent, written down as it leaves them, to be compared with what the server has stored. */
import protocolChecks from "@hauswart/features/registry/protocol.ts";
import type { OpenSocket } from "@hauswart/agent/link/socket.ts";
import { compileCodec, type SampleCodec } from "@hauswart/protocol/sample-codec.ts";
import type { Sample } from "@hauswart/protocol/wire/messages.ts";
import type { Database } from "@hauswart/server/database/database.ts";
import type { SimulatedComputer } from "@hauswart/simulator/computer.ts";
import type { SimulatedAgent } from "@hauswart/simulator/simulated-agent.ts";
import { hookSend, isBatch } from "./hook-send.ts";

export interface Comparison {
  /** Values that were sent, each once. */
  readonly sent: number;
  /** Sent and not stored, or stored as something else. */
  readonly lost: number;
  /** Stored more than once, or never sent. */
  readonly doubled: number;
}

interface StoredBatch {
  readonly device_id: string;
  readonly stream_id: string;
  readonly sequence: number;
  readonly values: readonly number[];
}

const devicesAtOnce = 100;
const codecs = new Map<string, SampleCodec>(protocolChecks.map((check) => [check.id, compileCodec(check)]));
const head = /^\{"type":"batch","stream":"([^"]+)","sequence":(\d+),"sentAt":\d+,"samples":/;

export class Ledger {
  /** By computer: by stream and number, the samples that were sent under it. More than one text would be a fault. */
  readonly #sent = new Map<number, Map<string, Set<string>>>();

  /** For `Fleet.create`. */
  readonly wrapSocket = (open: OpenSocket, { index }: SimulatedComputer): OpenSocket => {
    const batches = new Map<string, Set<string>>();
    this.#sent.set(index, batches);
    return hookSend(open, (text, send) => {
      if (isBatch(text)) this.#note(batches, text);
      send(text);
    });
  };

  #note(batches: Map<string, Set<string>>, text: string): void {
    const found = head.exec(text);
    if (!found) throw new Error("A batch looks different from what the ledger knows.");
    const key = `${found[1]}/${found[2]}`;
    const texts = batches.get(key);
    const samples = text.slice(found[0].length, -1);
    if (texts) texts.add(samples);
    else batches.set(key, new Set([samples]));
  }

  /** Compares everything that these agents sent with what is stored of them. Raw rows must not have been packed yet. */
  async compare(database: Database, agents: readonly SimulatedAgent[]): Promise<Comparison> {
    const total = { sent: 0, lost: 0, doubled: 0 };
    for (let at = 0; at < agents.length; at += devicesAtOnce) {
      const some = agents.slice(at, at + devicesAtOnce);
      const rows = await database.unwalled("benchmark: what is stored", (tx) =>
        tx.sql<StoredBatch>("select device_id, stream_id, sequence, values from hauswart.sample_batch where device_id = any($1::uuid[])", [
          some.map(({ deviceId }) => deviceId),
        ]),
      );
      const byDevice = Map.groupBy(rows, ({ device_id }) => device_id);
      for (const agent of some) {
        const { sent, lost, doubled } = compareDevice(
          agent,
          this.#sent.get(agent.computer.index) ?? new Map(),
          byDevice.get(agent.deviceId) ?? [],
        );
        total.sent += sent;
        total.lost += lost;
        total.doubled += doubled;
      }
    }
    return total;
  }
}

function compareDevice(agent: SimulatedAgent, batches: ReadonlyMap<string, ReadonlySet<string>>, rows: readonly StoredBatch[]): Comparison {
  const result = { sent: 0, lost: 0, doubled: 0 };
  const stored = Map.groupBy(rows, ({ stream_id, sequence }) => `${stream_id}/${sequence}`);
  const measured = new Set<string>();
  const checkOf = new Map(agent.planned.map(({ instance }) => [instance.number, instance.check]));
  for (const [key, texts] of batches) {
    const found = stored.get(key) ?? [];
    stored.delete(key);
    let isFirst = true;
    for (const text of texts) {
      const samples = JSON.parse(text) as Sample[];
      const values = samples.flatMap((sample) => valuesOf(checkOf, sample));
      result.sent += values.length;
      // A number has one content; what was sent under it besides is nowhere.
      result.lost +=
        isFirst && found[0] ? values.filter((value, index) => !Object.is(value, found[0]!.values[index])).length : values.length;
      if (isFirst && found[0]) result.doubled += Math.max(0, found[0].values.length - values.length);
      isFirst = false;
      // The same measurement under two numbers would be stored twice.
      for (const sample of samples) {
        const name = `${sample.check}/${sample.at}`;
        if (measured.has(name)) result.doubled += valuesOf(checkOf, sample).length;
        measured.add(name);
      }
    }
    for (const row of found.slice(1)) result.doubled += row.values.length;
  }
  for (const unknown of stored.values()) for (const row of unknown) result.doubled += row.values.length;
  return result;
}

/** The values of a sample as they are stored; NaN where it has no number. */
function valuesOf(checkOf: ReadonlyMap<number, string>, { check, ok }: Sample): number[] {
  const codec = codecs.get(checkOf.get(check) ?? "");
  if (!codec || !ok) throw new Error(`Check ${check} of a simulated agent yields what the ledger does not know.`);
  return codec.split(ok as never).values.map((value) => value ?? Number.NaN);
}
