import { HauswartError } from "@hauswart/protocol/errors.ts";

/** What came of an attempt: `done`, the code of a Hauswart error, or any other error in words. */
export function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof HauswartError) return error.code;
      return error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
    },
  );
}
