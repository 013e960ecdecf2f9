/** Second factors: passkeys, code app, recovery codes. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Moment } from "../../components/Ago.tsx";
import { Confirm } from "../../components/Confirm.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Section } from "../../components/Page.tsx";
import { StateMark, StateShape } from "../../components/StateMark.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./account.module.css";
import { FactorPart, factorCount, type Factors } from "./FactorPart.tsx";
import { PasskeysPart } from "./PasskeysPart.tsx";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog.tsx";
import { TotpDialog } from "./TotpDialog.tsx";

export function FactorsSection({ email }: { email: string }) {
  const texts = useTexts();
  const { data, error, refetch } = useQuery(query("getFactors"));
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <Section title={texts.factors.title} note={texts.factors.lead}>
      {!data && (error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />)}
      {data && (
        <>
          {factorCount(data) === 0 && (
            <p className={styles["warning"]}>
              <StateShape state={data.isMissing ? "failure" : "warning"} />
              <span>{data.isMissing ? texts.factors.missing : texts.factors.none}</span>
            </p>
          )}
          <div className={styles["factors"]}>
            <PasskeysPart factors={data} onCodes={setCodes} />
            <TotpPart factors={data} onCodes={setCodes} />
            {factorCount(data) > 0 && <RecoveryPart factors={data} onCodes={setCodes} />}
          </div>
        </>
      )}
      {codes && <RecoveryCodesDialog codes={codes} email={email} onClose={() => setCodes(null)} />}
    </Section>
  );
}

interface PartProps {
  readonly factors: Factors;
  /** New recovery codes, to be shown once. */
  readonly onCodes: (codes: readonly string[] | null) => void;
}

function TotpPart({ factors, onCodes }: PartProps) {
  const texts = useTexts();
  const [isSettingUp, setSettingUp] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const remove = useChange("deleteTotp", {
    touches: ["getFactors"],
    message: () => texts.factors.totpRemoved,
    onDone: () => setAsked(false),
  });
  return (
    <FactorPart
      title={texts.factors.totp}
      help={texts.factors.totpHelp}
      state={
        factors.totp && (
          <StateMark state="ok">
            {texts.factors.totpOn} <Moment at={factors.totp.confirmedAt} />
          </StateMark>
        )
      }
      action={
        factors.totp ? (
          <Button size="compact-xs" variant="subtle" aria-label={texts.factors.totpRemoveOf} onClick={() => setAsked(true)}>
            {texts.factors.totpRemove}
          </Button>
        ) : (
          <Button variant="default" onClick={() => setSettingUp(true)}>
            {texts.factors.totpSetUp}
          </Button>
        )
      }
    >
      {isSettingUp && (
        <TotpDialog
          onClose={() => setSettingUp(false)}
          onDone={(codes) => {
            setSettingUp(false);
            onCodes(codes);
          }}
        />
      )}
      {isAsked && (
        <Confirm
          title={texts.factors.totpRemoveTitle}
          action={texts.factors.totpRemove}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate({})}
          onClose={() => setAsked(false)}
        >
          {texts.factors.totpRemoveText} {factorCount(factors) === 1 && texts.factors.last}
        </Confirm>
      )}
    </FactorPart>
  );
}

function RecoveryPart({ factors, onCodes }: PartProps) {
  const texts = useTexts();
  const [isAsked, setAsked] = useState(false);
  const left = factors.recoveryCodes?.left ?? 0;
  const make = useChange("createRecoveryCodes", {
    touches: ["getFactors"],
    onDone: ({ recoveryCodes }) => {
      setAsked(false);
      onCodes(recoveryCodes);
    },
  });
  return (
    <FactorPart
      title={texts.factors.recovery}
      help={texts.factors.recoveryHelp}
      state={
        <StateMark state={left > 2 ? "ok" : "warning"}>
          {left > 0 ? texts.factors.recoveryLeft(left) : texts.factors.recoveryNone}
        </StateMark>
      }
      action={
        <Button variant="default" loading={make.isPending && !isAsked} onClick={() => (left > 0 ? setAsked(true) : make.mutate({}))}>
          {left > 0 ? texts.factors.recoveryAgain : texts.factors.recoveryMake}
        </Button>
      }
    >
      {isAsked && (
        <Confirm
          title={texts.factors.recoveryAgainTitle}
          action={texts.factors.recoveryAgain}
          isPending={make.isPending}
          onConfirm={() => make.mutate({})}
          onClose={() => setAsked(false)}
        >
          {texts.factors.recoveryAgainText}
        </Confirm>
      )}
    </FactorPart>
  );
}
