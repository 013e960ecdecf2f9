/** What a page says when there is nothing, or when something went wrong. */
import { ApiError, noAnswer } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { PasskeyError } from "../api/passkeys.ts";
import { useTexts, type Texts } from "../texts/texts.tsx";
import { StateShape } from "./StateMark.tsx";
import styles from "./notes.module.css";

/** The code of any error; a failure of the console itself has its own. */
export function codeOf(error: unknown): string {
  if (error instanceof PasskeyError) return `PASSKEY_${error.reason.toUpperCase()}`;
  return error instanceof ApiError ? error.code : "CONSOLE_BROKE";
}

/** What happened, in words. Branches on the code alone. */
export function describeError(error: unknown, texts: Texts): string {
  const code = codeOf(error);
  const words = (texts.errors.byCode as Record<string, string>)[code] ?? texts.errors.unknownCode(code);
  const users = error instanceof ApiError ? (error.problem?.usedBy ?? []) : [];
  return users.length > 0 ? `${words} ${texts.errors.usedBy(users.map(({ name }) => name).join(", "))}` : words;
}

/** An error where the content would be: what happened, what to do, the code. */
export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const texts = useTexts();
  const issues = error instanceof ApiError ? (error.problem?.issues ?? []) : [];
  const problem = error instanceof ApiError ? error.problem : undefined;
  const detail = problem?.usedBy ? undefined : problem?.detail;
  return (
    <div className={styles["error"]} role="alert">
      <p className={styles["lead"]}>
        <StateShape state="failure" /> {describeError(error, texts)}
      </p>
      {detail && <p className="dimmed">{detail}</p>}
      {issues.length > 0 && (
        <ul className="dimmed">
          {issues.map((issue) => (
            <li key={`${issue.path} ${issue.message}`}>
              {issue.path}: {issue.message}
            </li>
          ))}
        </ul>
      )}
      {codeOf(error) === noAnswer && <p className="dimmed">{texts.errors.kept}</p>}
      <p className={styles["foot"]}>
        {onRetry && (
          <Button variant="default" onClick={onRetry}>
            {texts.errors.retry}
          </Button>
        )}
        <span className="dimmed">{codeOf(error)}</span>
      </p>
    </div>
  );
}

/** Nothing here, and the next step. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles["empty"]}>
      <p className={styles["lead"]}>{title}</p>
      {children && <p className="dimmed">{children}</p>}
      {action && <p className={styles["foot"]}>{action}</p>}
    </div>
  );
}

/** The first load of something, when there is no older data to show. */
export function Loading() {
  const texts = useTexts();
  return (
    <p className={styles["loading"]} role="status">
      {texts.shell.loading}
    </p>
  );
}
