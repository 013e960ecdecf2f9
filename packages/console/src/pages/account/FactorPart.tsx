/** One kind of second factor: what it is, how it stands, what can be done. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import type { ReactNode } from "react";
import styles from "./account.module.css";

export type Factors = ResponseOf<"getFactors">;

/** How many factors there are; recovery codes are none. */
export const factorCount = ({ totp, passkeys }: Factors): number => passkeys.length + (totp ? 1 : 0);

export function FactorPart({
  title,
  help,
  state,
  action,
  children,
}: {
  title: string;
  help: string;
  state?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={styles["factor"]}>
      <div className={styles["factorHead"]}>
        <h3>{title}</h3>
        {state}
        {action && <span>{action}</span>}
      </div>
      <p className="dimmed">{help}</p>
      {children}
    </div>
  );
}
