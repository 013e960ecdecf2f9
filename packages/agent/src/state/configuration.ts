/** What the server last told to measure: configuration.json. Holds offline, from the first second after a start. */
import * as z from "zod/mini";
import { CheckInstance } from "@hauswart/protocol/wire/messages.ts";
import type { Log } from "../log.ts";
import { StateFileError, type DataDirectory } from "./data-directory.ts";

const fileName = "configuration.json";

const StoredConfiguration = z.object({
  /** The device that it was meant for; after enrolling anew it counts no more. */
  deviceId: z.uuid(),
  revision: z.string(),
  checks: z.array(CheckInstance),
});
export type StoredConfiguration = z.infer<typeof StoredConfiguration>;

/** The stored configuration of this device; undefined when there is none, or it cannot be read (then the server sends it again). */
export function readConfiguration(data: DataDirectory, deviceId: string, log: Log): StoredConfiguration | undefined {
  try {
    const stored = data.readJson(fileName, StoredConfiguration);
    return stored?.deviceId === deviceId ? stored : undefined;
  } catch (error) {
    if (!(error instanceof StateFileError)) throw error;
    log.error("the stored configuration is lost", { problem: error.message });
    return undefined;
  }
}

/** Stores it; on a full disk it holds until the agent ends. */
export function writeConfiguration(data: DataDirectory, configuration: StoredConfiguration, log: Log): void {
  try {
    data.writeText(fileName, JSON.stringify(configuration));
  } catch (error) {
    log.error("the configuration cannot be stored", { problem: error instanceof Error ? error.message : String(error) });
  }
}
