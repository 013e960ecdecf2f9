/** What PostgreSQL's errors mean to the code that called: one place that knows the codes. */

/** SQLSTATE, or the system's code of a broken connection. */
function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}

function isOf(error: unknown, code: string, constraint: string | undefined): boolean {
  return codeOf(error) === code && (constraint === undefined || (error as { constraint?: string }).constraint === constraint);
}

/** A row with this key exists. @param constraint name of the constraint or unique index; omitted = any */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return isOf(error, "23505", constraint);
}

/** A row that is referred to does not exist, or one that is to go is still referred to. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return isOf(error, "23503", constraint);
}

/** A check constraint refused the row. */
export function isCheckViolation(error: unknown, constraint?: string): boolean {
  return isOf(error, "23514", constraint);
}

/** Row-level security or missing rights refused a change. */
export function isRefusedByWall(error: unknown): boolean {
  return codeOf(error) === "42501";
}

/** Two transactions were in each other's way; doing it again is right. */
export function isConflict(error: unknown): boolean {
  return ["40001", "40P01", "55P03"].includes(codeOf(error));
}

/** The lock that was asked for was not to be had in the time set. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === "55P03";
}

/** The statement cannot be stored whatever is tried: a value out of range, a NUL byte, a constraint. */
export function isRefusedData(error: unknown): boolean {
  return /^(22|23)/.test(codeOf(error));
}

/** The disk under the database is full. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === "53100";
}

/** The database is not there at the moment: starting, stopping, crashed, unreachable, out of connections. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (/^(08|57P0[1-5]|53300)/.test(code)) return true;
  if (
    ["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"].includes(code)
  )
    return true;
  const message = error instanceof Error ? error.message : "";
  return /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed)/i.test(
    message,
  );
}

/** The role's password was refused. */
export function isWrongPassword(error: unknown): boolean {
  return ["28P01", "28000"].includes(codeOf(error));
}
