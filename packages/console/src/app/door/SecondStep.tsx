/** The second step: what the account wants besides the password. */
import type { SecondFactorChallenge } from "@hauswart/protocol/api/factors.ts";
import { api } from "../../api/client.ts";
import { useTexts } from "../../texts/texts.tsx";
import { Doorway } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { FactorAnswer, type Answer } from "./FactorAnswer.tsx";

interface Props {
  /** Whose second step it is; empty where only the other service knows. */
  readonly email: string;
  readonly challenge: SecondFactorChallenge;
  readonly onEnter: () => Promise<void>;
  readonly onBack: () => void;
}

export function SecondStep({ email, challenge, onEnter, onBack }: Props) {
  const texts = useTexts();
  const answer = async (given: Answer) => {
    // The password was the first step.
    if ("password" in given) return;
    await api("createSessionWithFactor", { body: { challenge: challenge.challenge, ...given } });
    await onEnter();
  };
  return (
    <Doorway title={texts.door.secondTitle} heading={texts.door.secondTitle} lead={email && texts.door.secondLead(email)}>
      <FactorAnswer ways={challenge.factors} passkeyOptions={challenge.passkeyOptions} onAnswer={answer} />
      <div className={styles["links"]}>
        <button type="button" className={styles["link"]} onClick={onBack}>
          {texts.door.back}
        </button>
      </div>
    </Doorway>
  );
}
