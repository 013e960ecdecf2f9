/** The page behind the link at the foot of a digest. A press ends the digests. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { useTexts } from "../../texts/texts.tsx";
import { DoorError, DoorNote } from "./Doorway.tsx";
import { LinkedDoor } from "./LinkedDoor.tsx";

export function DigestPage() {
  const { digest, acknowledge } = useTexts().routing;
  return (
    <LinkedDoor
      title={digest.title}
      ask={(token) => query("getDigest", { body: { token } })}
      lead={({ address, providerName }) => digest.lead(address, providerName)}
      missing={acknowledge.missing}
    >
      {(offer, token) => <Digest offer={offer} token={token} />}
    </LinkedDoor>
  );
}

function Digest({ offer, token }: { offer: ResponseOf<"getDigest">; token: string }) {
  const words = useTexts().routing.digest;
  const press = useMutation({ mutationFn: () => api("endDigest", { body: { token } }) });
  return (
    <>
      <DoorError error={press.error} />
      {(press.data ?? offer).isOn ? (
        <>
          <p>{words.text}</p>
          <Button size="sm" loading={press.isPending} onClick={() => press.mutate()}>
            {words.press}
          </Button>
        </>
      ) : (
        <DoorNote>{words.done}</DoorNote>
      )}
    </>
  );
}
