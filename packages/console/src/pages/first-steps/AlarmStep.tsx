/** Step 5: something harmless goes wrong, the finding appears, and the mail leaves. */
import { Loader } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CopyField } from "../../components/CopyField.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./first-steps.module.css";
import type { StepProps } from "./FirstStepsPage.tsx";
import { MailProgress } from "./MailProgress.tsx";

/** The service is called cron by Debian and its kin, crond by Red Hat and its. */
const onService = (verb: "start" | "stop") => `sudo systemctl ${verb} cron || sudo systemctl ${verb} crond`;

export function AlarmStep({ steps }: StepProps) {
  const texts = useTexts();
  const { device, alarm } = steps;
  if (!device.isDone) return <p className="dimmed">{texts.firstSteps.alarm.needs}</p>;
  return (
    <div className={styles["form"]}>
      {device.system === "linux" && (
        <>
          <p>{texts.firstSteps.alarm.lead(device.deviceName)}</p>
          <CopyField label={texts.firstSteps.alarm.linux} value={onService("stop")} />
          <CopyField label={texts.firstSteps.alarm.linuxBack} value={onService("start")} />
        </>
      )}
      <div>
        <p className={device.system === "linux" ? "dimmed" : undefined}>{texts.firstSteps.alarm.policyLead}</p>
        <Link to="/policies">{texts.firstSteps.alarm.policyLink}</Link>
      </div>
      {alarm.findingId === null ? (
        <p className={styles["waiting"]} role="status">
          <Loader size={14} aria-hidden />
          <span>
            {texts.firstSteps.alarm.waiting}
            <br />
            <span className="dimmed">{texts.firstSteps.alarm.waitingHelp}</span>
          </span>
        </p>
      ) : (
        <p className={styles["found"]} role="status">
          <StateMark state="failure">{texts.firstSteps.alarm.found}</StateMark>
          <Link to="/findings" search={{ finding: alarm.findingId }}>
            {texts.firstSteps.alarm.openFinding}
          </Link>
        </p>
      )}
      {alarm.mailId ? (
        <MailProgress mailId={alarm.mailId} />
      ) : (
        alarm.findingId && <p className="dimmed">{texts.firstSteps.alarm.mailWaiting}</p>
      )}
    </div>
  );
}
