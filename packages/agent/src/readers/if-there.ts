/** What may be missing on a computer: a program that is not installed has no folder. What is there and cannot be read is a failure. */
import { OsError, type Os } from "../os/os.ts";

/** An answer; undefined where what was asked for is not there. Throws whatever else the answer does. */
export async function ifThere<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof OsError && error.code === "COLLECT_UNREADABLE") return undefined;
    throw error;
  }
}

/** A file's text; undefined where there is no such file. Throws OsError. */
export const readIfThere = (os: Os, path: string): Promise<string | undefined> => ifThere(os.readFile(path));

/** Names in a folder; undefined where there is no such folder. Throws OsError. */
export const listIfThere = (os: Os, path: string): Promise<readonly string[] | undefined> => ifThere(os.listDirectory(path));
