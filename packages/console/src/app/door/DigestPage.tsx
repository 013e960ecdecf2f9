/** The page behind the link at the foot of a digest. A press ends the digests. */
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { Loading } from "../../components/notes.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { DoorError, DoorNote, Doorway } from "./Doorway.tsx";
import { useFragmentToken } from "./fragment-token.ts";

export function DigestPage() {
  const texts = useTexts();
  const words = texts.routing.digest;
  const token = useFragmentToken();
  const { data, error } = useQuery({ ...query("getDigest", { body: { token: token ?? "" } }), enabled: token !== undefined, retry: false });
  const press = useMutation({ mutationFn: () => api("endDigest", { body: { token: token ?? "" } }) });
  const offer = press.data ?? data;
  return (
    <Doorway title={words.title} heading={words.title} lead={offer && words.lead(offer.address, offer.providerName)}>
      {token === undefined ? <p>{texts.routing.acknowledge.missing}</p> : error ? <DoorError error={error} /> : !offer && <Loading />}
      <DoorError error={press.error} />
      {offer &&
        (offer.isOn ? (
          <>
            <p>{words.text}</p>
            <Button size="sm" loading={press.isPending} onClick={() => press.mutate()}>
              {words.press}
            </Button>
          </>
        ) : (
          <DoorNote>{words.done}</DoorNote>
        ))}
    </Doorway>
  );
}
