/** Back from the house's own directory: hands its answer to the server. */
import type { SecondFactorChallenge } from "@hauswart/protocol/api/factors.ts";
import { useMutation } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api } from "../../api/client.ts";
import { Loading } from "../../components/notes.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { DoorError, Doorway } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { useEntrance } from "./entrance.ts";
import { takeBegun } from "./oidc.ts";
import { challengeIn } from "./second-step.ts";
import { SecondStep } from "./SecondStep.tsx";

export function OidcPage() {
  const texts = useTexts();
  const router = useRouter();
  const [next, setNext] = useState("/");
  const [asked, setAsked] = useState<SecondFactorChallenge | null>(null);
  const enter = useEntrance(next);
  const isBegun = useRef(false);
  const [isLost, setLost] = useState(false);
  const signIn = useMutation({
    mutationFn: (body: { challenge: string; query: string }) => api("createSessionWithOidc", { body }).then(() => undefined),
    onSuccess: enter,
    onError: (error) => setAsked(challengeIn(error)),
  });
  useEffect(() => {
    // The answer is good once, and this effect runs twice while the console is developed.
    if (isBegun.current) return;
    isBegun.current = true;
    const query = location.search.slice(1);
    window.history.replaceState(window.history.state, "", location.pathname);
    const begun = takeBegun();
    if (!begun || query === "") return setLost(true);
    setNext(begun.next);
    signIn.mutate({ challenge: begun.challenge, query });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the page opens
  }, []);
  const back = () => void router.navigate({ to: "/sign-in" });
  if (asked) return <SecondStep email="" challenge={asked} onEnter={enter} onBack={back} />;
  return (
    <Doorway title={texts.signIn.title}>
      {isLost ? <p role="alert">{texts.door.oidcFailed}</p> : signIn.error ? <DoorError error={signIn.error} /> : <Loading />}
      <div className={styles["links"]}>
        <Link to="/sign-in">{texts.door.back}</Link>
      </div>
    </Doorway>
  );
}
