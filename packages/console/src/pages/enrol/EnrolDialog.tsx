/** From nothing to a watched device: with an agent by a token and a command, or without one, measured by the server. */
import { SegmentedControl } from "@mantine/core";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { query } from "../../api/queries.ts";
import { reachesNobody, useAccount, useMay } from "../../app/session.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import { Arrival } from "./Arrival.tsx";
import styles from "./enrol.module.css";
import { ServerForm } from "./ServerForm.tsx";
import { TokenForm } from "./TokenForm.tsx";

export type Token = ResponseOf<"createEnrolmentToken">;

export default function EnrolDialog({ onClose }: { onClose: () => void }) {
  const { texts } = useSpeech();
  const [token, setToken] = useState<Token | null>(null);
  const account = useAccount();
  const mayEnrol = useMay("devices:write");
  return (
    <Dialog onClose={onClose} title={texts.enrol.title} size="lg" closeOnClickOutside={token === null}>
      {!mayEnrol ? (
        <p>{account && reachesNobody(account) ? texts.overview.noCustomerHelp : texts.enrol.mayNot}</p>
      ) : token ? (
        <Arrival token={token} onAnother={() => setToken(null)} onClose={onClose} />
      ) : (
        <Choice onToken={setToken} onClose={onClose} />
      )}
    </Dialog>
  );
}

/** Value of the choice of an agent; the others are ids of checks. */
const agent = "agent";

function Choice({ onToken, onClose }: { onToken: (token: Token) => void; onClose: () => void }) {
  const { texts, checkTexts } = useSpeech();
  const [way, setWay] = useState(agent);
  const mayBoth = [useMay("devices:write"), useMay("policies:write")].every(Boolean);
  const checks = useQuery({ ...query("listChecks", {}), enabled: mayBoth });
  const fromServer = (mayBoth ? (checks.data?.items ?? []) : []).filter((check) => check.fromServer !== null);
  const chosen = fromServer.find(({ check }) => check === way);
  return (
    <div className={styles["form"]}>
      {fromServer.length > 0 && (
        <SegmentedControl
          aria-label={texts.enrol.way}
          data={[
            { value: agent, label: texts.enrol.withAgent },
            ...fromServer.map(({ check }) => ({ value: check, label: checkTexts(check).name })),
          ]}
          value={way}
          onChange={setWay}
        />
      )}
      {chosen?.fromServer ? (
        <ServerForm check={chosen.check} target={chosen.fromServer.target} onClose={onClose} />
      ) : (
        <TokenForm onToken={onToken} onClose={onClose} />
      )}
    </div>
  );
}
