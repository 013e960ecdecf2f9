/** The way on for an installation that has not sent its first alarm mail yet. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { doneCount, nextStep, stepNames, useFirstSteps } from "../../app/first-steps.ts";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./OverviewPage.module.css";

export function Guide() {
  const texts = useTexts();
  const steps = useFirstSteps();
  if (!steps || steps.isDone) return null;
  const next = nextStep(steps);
  return (
    <section className={styles["guide"]} aria-label={texts.firstSteps.title}>
      <div>
        <h2>
          {texts.firstSteps.title} <span className="dimmed">{texts.firstSteps.progress(doneCount(steps), stepNames.length)}</span>
        </h2>
        {next && <p>{texts.firstSteps.next(texts.firstSteps.steps[next])}</p>}
      </div>
      <Button renderRoot={(props) => <Link to="/first-steps" {...props} />}>{texts.firstSteps.open}</Button>
    </section>
  );
}
