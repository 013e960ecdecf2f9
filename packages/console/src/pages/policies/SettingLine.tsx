/** One line of a check's settings: what is inherited, or the control while it is set here. */
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { useSpeech } from "../../texts/texts.tsx";
import type { OthersOf, OtherValue } from "./others.ts";
import styles from "./policies.module.css";
import type { CheckReference } from "./PolicyPage.tsx";

export interface CheckSettingsProps {
  readonly check: PolicyCheck;
  readonly reference: CheckReference;
  readonly onChange: (check: PolicyCheck) => void;
  /** What other policies say about the same. */
  readonly others: OthersOf;
}

interface RowProps {
  readonly label: string;
  readonly help?: string;
  readonly isSet: boolean;
  /** Its control needs the whole width. */
  readonly isWide?: boolean;
  /** What holds when nobody sets it. */
  readonly fallback: string;
  /** Other policies that set it, and their values in words. */
  readonly others: readonly (OtherValue & { readonly words: string })[];
  readonly onSet: () => void;
  readonly onUnset: () => void;
  /** The control, while it is set here. */
  readonly children: ReactNode;
}

/** A setting that is inherited until somebody sets it here. */
export function Row({ label, help, isSet, isWide, fallback, others, onSet, onUnset, children }: RowProps) {
  const { texts } = useSpeech();
  return (
    <div className={styles["setting"]} data-set={isSet || undefined} data-wide={isWide || undefined}>
      <div>
        <div className={styles["label"]}>{label}</div>
        {help && <div className={styles["help"]}>{help}</div>}
      </div>
      <div className={styles["control"]}>
        {isSet ? children : <span className="dimmed">{texts.policies.inheritedValue(fallback)}</span>}
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={isSet ? onUnset : onSet}
          aria-label={isSet ? texts.policies.unsetOf(label) : texts.policies.setHereOf(label)}
        >
          {isSet ? texts.policies.unset : texts.policies.setHere}
        </Button>
        {others.length > 0 && (
          <div className={styles["others"]}>
            {texts.policies.alsoIn}{" "}
            {others.map(({ policyId, policyName, words }, index) => (
              <Fragment key={policyId}>
                {index > 0 && ", "}
                <Link to="/policies/$policyId" params={{ policyId }} search={(before) => before}>
                  {policyName}
                </Link>
                {`: ${words}`}
              </Fragment>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
