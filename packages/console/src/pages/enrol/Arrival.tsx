/** The command to run, and the devices that arrive by it. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { Button, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { query } from "../../api/queries.ts";
import { Ago } from "../../components/Ago.tsx";
import { StateMark, StateShape } from "../../components/StateMark.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import styles from "./enrol.module.css";
import type { Token } from "./EnrolDialog.tsx";
import { Ways } from "./Ways.tsx";

/** Devices of the token's site that were enrolled since it was made. A live event brings them; the interval is for when it is away. */
function useArrivals(token: Token): readonly Device[] {
  const { data } = useQuery({
    ...query("listDevices", { query: { siteId: token.siteId, limit: 500 } }),
    refetchInterval: 4_000,
    staleTime: 0,
  });
  return (data?.items ?? []).filter((device) => Date.parse(device.enrolledAt) >= Date.parse(token.createdAt));
}

/** What the command makes the computer trust, for whoever wants to know, and for people's browsers. */
function Trust({ fingerprint, path }: NonNullable<Token["authority"]>) {
  const { enrol } = useTexts();
  return (
    <div className={styles["trust"]}>
      <span className="dimmed">{enrol.ownAuthority}</span>
      <a href={path} download="hauswart-ca.crt">
        {enrol.download(enrol.authorityFile)}
      </a>
      <code className={styles["hash"]}>SHA-256 {fingerprint}</code>
    </div>
  );
}

export function Arrival({ token, onAnother, onClose }: { token: Token; onAnother: () => void; onClose: () => void }) {
  const { texts, format } = useSpeech();
  const arrivals = useArrivals(token);
  const isWaiting = arrivals.length < token.usesLeft;
  return (
    <div className={styles["form"]}>
      <Ways ways={token.ways} />
      {token.authority && <Trust {...token.authority} />}
      <p className="dimmed">
        {texts.enrol.commandHelp} {texts.enrol.expires(format.dateTime(Date.parse(token.expiresAt)))}
      </p>
      <div className={styles["arrivals"]} role="status">
        {arrivals.map((device) => (
          <div key={device.deviceId} className={styles["arrived"]}>
            <StateShape state="ok" />
            <Link to="/devices/$deviceId" params={{ deviceId: device.deviceId }} search={{}}>
              {texts.enrol.arrived(device.name)}
            </Link>
            <StateMark state={device.state} />
            <span className="dimmed">
              <Ago at={device.enrolledAt} short />
            </span>
          </div>
        ))}
        {isWaiting && (
          <div className={styles["waiting"]}>
            <Loader size={14} aria-hidden />
            <span>
              {texts.enrol.waiting}
              <br />
              <span className="dimmed">{texts.enrol.waitingHelp}</span>
            </span>
          </div>
        )}
      </div>
      <div className={styles["buttons"]}>
        <Button variant="default" onClick={onAnother}>
          {texts.enrol.another}
        </Button>
        <Button onClick={onClose}>{texts.enrol.done}</Button>
      </div>
    </div>
  );
}
