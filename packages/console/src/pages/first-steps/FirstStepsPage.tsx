/** From an empty installation to the first customer's first alarm mail, in five steps. What is done is read from the data. */
import type { FirstSteps } from "@hauswart/protocol/api/daily.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { useState, type ReactNode } from "react";
import { query } from "../../api/queries.ts";
import { doneCount, nextStep, stepNames, type StepName } from "../../app/first-steps.ts";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { AlarmStep } from "./AlarmStep.tsx";
import { CustomerStep } from "./CustomerStep.tsx";
import { DeviceStep } from "./DeviceStep.tsx";
import styles from "./first-steps.module.css";
import { HouseStep } from "./HouseStep.tsx";
import { RecipientStep } from "./RecipientStep.tsx";

export interface StepProps {
  readonly steps: FirstSteps;
  /** Keeps this step open although it is done: there is something to read. */
  readonly onStay: () => void;
  /** On to the first step that is not done. */
  readonly onNext: () => void;
}

const forms: Readonly<Record<StepName, (props: StepProps) => ReactNode>> = {
  house: HouseStep,
  customer: CustomerStep,
  recipient: RecipientStep,
  device: DeviceStep,
  alarm: AlarmStep,
};

export function FirstStepsPage() {
  const texts = useTexts();
  // Live events bring the news; the interval is for when the stream is away.
  const { data, error, refetch } = useQuery({ ...query("getFirstSteps"), refetchInterval: 5_000 });
  return (
    <Page title={texts.firstSteps.title} note={data && texts.firstSteps.progress(doneCount(data), stepNames.length)} narrow>
      {data ? <Steps steps={data} /> : error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />}
    </Page>
  );
}

function Steps({ steps }: { steps: FirstSteps }) {
  const texts = useTexts();
  const [chosen, setChosen] = useState<StepName>();
  // The last step stays open when all is done: there the alarm and its mail are to be seen.
  const open = chosen ?? nextStep(steps) ?? "alarm";
  return (
    <>
      {steps.isDone ? (
        <Empty
          title={texts.firstSteps.doneTitle}
          action={<Button renderRoot={(props) => <Link to="/" {...props} />}>{texts.firstSteps.toOverview}</Button>}
        >
          {texts.firstSteps.doneText}
        </Empty>
      ) : (
        <p className="dimmed">{texts.firstSteps.lead}</p>
      )}
      <ol className={styles["steps"]}>
        {stepNames.map((name, index) => {
          const Form = forms[name];
          return (
            <Step
              key={name}
              number={index + 1}
              title={texts.firstSteps.steps[name]}
              fact={factOf(steps, name, texts)}
              isDone={steps[name].isDone}
              isOpen={open === name}
              onToggle={() => setChosen(open === name && chosen ? undefined : name)}
              onEnter={() => setChosen(name)}
            >
              <Form steps={steps} onStay={() => setChosen(name)} onNext={() => setChosen(undefined)} />
            </Step>
          );
        })}
      </ol>
    </>
  );
}

/** What a done step has brought, in a few words. */
function factOf({ house, customer, recipient, device }: FirstSteps, name: StepName, { firstSteps }: ReturnType<typeof useTexts>): string {
  switch (name) {
    case "house":
      return house.isDone ? firstSteps.house.is(house.name, house.mailFrom) : "";
    case "customer":
      return customer.isDone ? firstSteps.customer.is(customer.customerName, customer.siteName) : "";
    case "recipient":
      return recipient.address === null ? "" : firstSteps.recipient.is(recipient.address);
    case "device":
      return device.isDone ? firstSteps.device.is(device.deviceName) : "";
    case "alarm":
      return "";
  }
}

interface StepFrame {
  readonly number: number;
  readonly title: string;
  readonly fact: string;
  readonly isDone: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  /** Somebody is in it: it stays open, even when it is done meanwhile by something that happens elsewhere. */
  readonly onEnter: () => void;
  readonly children: ReactNode;
}

function Step({ number, title, fact, isDone, isOpen, onToggle, onEnter, children }: StepFrame) {
  const texts = useTexts();
  return (
    <li className={styles["step"]} data-done={isDone || undefined} aria-current={isOpen ? "step" : undefined}>
      <h2>
        <button type="button" aria-expanded={isOpen} onClick={onToggle}>
          <span className={styles["number"]} aria-hidden>
            {isDone ? <Check size={13} /> : number}
          </span>
          {title}
          {isDone && <span className="visually-hidden">, {texts.firstSteps.done}</span>}
        </button>
      </h2>
      {fact && !isOpen && <p className={styles["fact"]}>{fact}</p>}
      {isOpen && (
        <div className={styles["body"]} onFocus={onEnter}>
          {children}
        </div>
      )}
    </li>
  );
}
