/** Files of /sys, which are short and may be missing. */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";

/** What is asked, or the other value where the system does not answer. */
export async function within<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof OsError) return otherwise;
    throw error;
  }
}

/** A file's text without blanks around it; empty where there is none. */
export async function read(os: Os, path: string): Promise<string> {
  return (await within(os.readFile(path), "")).trim();
}
