/** The places of the console, on the left. */
import { Link } from "@tanstack/react-router";
import { ListChecks, Plus } from "lucide-react";
import { useTexts } from "../texts/texts.tsx";
import { doneCount, stepNames, useFirstSteps } from "./first-steps.ts";
import { places, settingsPlaces, type Place } from "./navigation.ts";
import styles from "./Rail.module.css";
import { useMay, useMayVisit } from "./session.ts";

function Entry({ place }: { place: Place }) {
  const texts = useTexts();
  const Icon = place.icon;
  const maySee = useMayVisit(place);
  if (!maySee) return null;
  return (
    <li>
      <Link
        to={place.to}
        className={styles["entry"]}
        activeOptions={{ exact: place.to === "/", includeSearch: false }}
        activeProps={{ "aria-current": "page" }}
      >
        <Icon size={15} aria-hidden />
        {place.label(texts)}
      </Link>
    </li>
  );
}

/** Only until the first alarm mail has left. */
function FirstStepsEntry() {
  const texts = useTexts();
  const steps = useFirstSteps();
  if (!steps || steps.isDone) return null;
  return (
    <Link to="/first-steps" className={styles["entry"]} activeOptions={{ includeSearch: false }} activeProps={{ "aria-current": "page" }}>
      <ListChecks size={15} aria-hidden />
      {texts.firstSteps.title}
      <span className="visually-hidden">{texts.firstSteps.progress(doneCount(steps), stepNames.length)}</span>
      <span className={styles["progress"]} aria-hidden>
        {doneCount(steps)}/{stepNames.length}
      </span>
    </Link>
  );
}

export function Rail() {
  const texts = useTexts();
  const mayEnrol = useMay("devices:write");
  return (
    <div className={styles["rail"]}>
      <Link to="/" className={styles["brand"]}>
        Hauswart
      </Link>
      <FirstStepsEntry />
      <ul>
        {places.map((place) => (
          <Entry key={place.to} place={place} />
        ))}
      </ul>
      {mayEnrol && (
        <Link to="." search={(before) => ({ ...before, enrol: "1" as const })} className={`${styles["entry"]} ${styles["enrol"]}`}>
          <Plus size={15} aria-hidden />
          {texts.shell.enrol}
        </Link>
      )}
      <h2 className={styles["group"]}>{texts.shell.settingsGroup}</h2>
      <ul>
        {settingsPlaces.map((place) => (
          <Entry key={place.to} place={place} />
        ))}
      </ul>
    </div>
  );
}
