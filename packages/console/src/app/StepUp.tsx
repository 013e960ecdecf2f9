/** Asks for a fresh proof whenever a call wants one. The dialog itself is fetched when it is needed. */
import { lazy, Suspense, useEffect, useState } from "react";
import { answerStepUp } from "../api/step-up.ts";

const StepUpDialog = lazy(() => import("./StepUpDialog.tsx"));

export function StepUp() {
  const [answer, setAnswer] = useState<((isProven: boolean) => void) | null>(null);
  useEffect(
    () =>
      answerStepUp(
        () =>
          new Promise<boolean>((resolve) =>
            setAnswer(() => (isProven: boolean) => {
              setAnswer(null);
              resolve(isProven);
            }),
          ),
      ),
    [],
  );
  return <Suspense>{answer && <StepUpDialog onAnswer={answer} />}</Suspense>;
}
