/** Name and value, side by side. */
import { Fragment, type ReactNode } from "react";
import styles from "./Facts.module.css";

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** @param wide spreads the facts over the width instead of one below the other. */
export function Facts({ facts, wide = false }: { facts: readonly Fact[]; wide?: boolean }) {
  if (wide) {
    return (
      <dl className={styles["wide"]}>
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    );
  }
  return (
    <dl className={styles["facts"]}>
      {facts.map(({ name, value }) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
