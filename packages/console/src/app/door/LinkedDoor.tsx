/** The page behind a link in a mail: shows what the link is about, in the language of the mail. Opening it does nothing yet; a press does. */
import type { Language } from "@hauswart/protocol/format.ts";
import { useQuery, type UseQueryOptions } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { Loading } from "../../components/notes.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import { DoorError, Doorway } from "./Doorway.tsx";
import { useFragmentToken } from "./fragment-token.ts";

interface Props<Offer, Key extends readonly unknown[]> {
  readonly title: string;
  readonly isWide?: boolean;
  /** Asks what the token is about. */
  readonly ask: (token: string) => UseQueryOptions<Offer, Error, Offer, Key>;
  readonly lead: (offer: Offer) => string;
  /** Said when the address has no token. */
  readonly missing: string;
  /** Stands below where there is nothing to press: no token, or one that opens nothing. */
  readonly otherwise?: ReactNode;
  readonly children: (offer: Offer, token: string) => ReactNode;
}

export function LinkedDoor<Offer extends { readonly language?: Language }, Key extends readonly unknown[]>(props: Props<Offer, Key>) {
  const { title, isWide = false, ask, lead, missing, otherwise, children } = props;
  const { language, setLanguage } = useSpeech();
  const token = useFragmentToken();
  const { data: offer, error } = useQuery({ ...ask(token ?? ""), enabled: token !== undefined, retry: false });
  // The mail's language is the reader's, until they choose another.
  const spoken = offer?.language;
  useEffect(() => {
    if (spoken && spoken !== language) setLanguage(spoken);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the mail is known
  }, [spoken]);
  return (
    <Doorway title={title} heading={title} isWide={isWide} lead={offer && lead(offer)}>
      {token === undefined ? <p>{missing}</p> : error ? <DoorError error={error} /> : !offer && <Loading />}
      {offer && token !== undefined && children(offer, token)}
      {(token === undefined || error) && otherwise}
    </Doorway>
  );
}
