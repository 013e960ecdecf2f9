/** One line in place of a part that could not be fetched: nothing there would read as nothing to do. */
import { describeError } from "./notes.tsx";
import { StateMark } from "./StateMark.tsx";
import { useTexts } from "../texts/texts.tsx";
import styles from "./NotKnown.module.css";

interface Props {
  /** What is not known. */
  readonly what: string;
  readonly asked: { readonly error: unknown; refetch(): unknown };
}

/** Nothing while the question is under way; with its reason, and asked again by a press, when it failed. */
export function NotKnown({ what, asked: { error, refetch } }: Props) {
  const texts = useTexts();
  if (!error) return null;
  return (
    <span role="alert">
      <StateMark state="unknown" wraps>
        {texts.errors.notKnown(what)} {describeError(error, texts)}{" "}
        <button type="button" className={styles["again"]} onClick={() => void refetch()}>
          {texts.errors.retry}
        </button>
      </StateMark>
    </span>
  );
}
