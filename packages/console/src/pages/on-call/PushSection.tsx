/** Messages in the reader's own browsers. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { ErrorNote } from "../../components/notes.tsx";
import { notify } from "../../components/notify.tsx";
import { Section } from "../../components/Page.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./on-call.module.css";

const canPush = () => "serviceWorker" in navigator && "PushManager" in window;

/** Asks the browser for a subscription that only this house can use (RFC 8292). */
async function subscribe(publicKey: string): Promise<{ endpoint: string; p256dh: string; auth: string }> {
  const registration = await navigator.serviceWorker.register("/push-worker.js");
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint: endpoint!, p256dh: keys!["p256dh"]!, auth: keys!["auth"]! };
}

export function PushSection() {
  const { routing } = useTexts();
  const client = useQueryClient();
  const { data } = useQuery({ ...query("listPushSubscriptions"), retry: false, enabled: canPush() });
  const add = useMutation({
    mutationFn: async () => {
      if ((await Notification.requestPermission()) !== "granted") throw new Error(routing.pushDenied);
      const { publicKey } = await api("getPushKey");
      await api("createPushSubscription", { body: { ...(await subscribe(publicKey)), deviceName: navigator.userAgent.slice(0, 100) } });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["listPushSubscriptions"] });
      notify({ message: routing.pushAdded });
    },
  });
  const remove = useChange("deletePushSubscription", { touches: ["listPushSubscriptions"] });
  if (!canPush() || !data) return null;
  return (
    <Section title={routing.push} note={routing.pushHelp}>
      <ul>
        {data.items.map(({ pushSubscriptionId, deviceName }) => (
          <li key={pushSubscriptionId}>
            {deviceName}{" "}
            <Button size="compact-xs" variant="subtle" onClick={() => remove.mutate({ params: { pushSubscriptionId } })}>
              {routing.pushOff}
            </Button>
          </li>
        ))}
      </ul>
      {add.error && <ErrorNote error={add.error} />}
      <div className={styles["form"]}>
        <Button variant="default" loading={add.isPending} onClick={() => add.mutate()}>
          {routing.pushOn}
        </Button>
      </div>
    </Section>
  );
}
