import type { ReactNode } from "react";

import styles from "./way-of-a-token.module.css";

interface Stop {
  name: string;
  /** What the token is here. */
  form: string;
  does: string;
  /** What it is called when this part is gone … */
  end?: string;
  /** … and what happens then. */
  gone: string;
}

const STOPS: readonly Stop[] = [
  {
    name: "Generator",
    form: '" enough."',
    does: "A model, or the one built in, says the next words.",
    end: "Fails",
    gone: "The task ends and says why. What was written stays.",
  },
  {
    name: "Worker",
    form: 'offset 18\n" enough."',
    does: "Gives it its place: so many characters stand before it.",
    gone: "Another worker claims the task; readers are told to start anew.",
  },
  {
    name: "Valkey",
    form: 'XADD 1-213\n{"offset":18 …}',
    does: "Numbers it: attempt 1, entry 213. Older attempts are fenced off.",
    gone: "It is back with its log. The worker appends what the log has lost.",
  },
  {
    name: "API",
    form: "id: 1-213\nevent: token",
    does: "Reads the log once and hands one frame to every reader.",
    gone: "Readers come back with 1-213, to this process or to the next.",
  },
  {
    name: "Proxy",
    form: "no-transform\nunbuffered",
    does: "Lets it through as it is, at once.",
    gone: "The connection breaks. The page has its place and comes again.",
  },
];

/** What one token is at each step from the model to the reader, and what happens when that part is gone. */
export function WayOfAToken() {
  return (
    <section aria-labelledby="way">
      <h2 id="way" className="text-2xl">
        The way of a token
      </h2>
      <p className="mt-3 max-w-[58ch] text-lg text-pretty text-ink-2">
        From the model to your eye in six steps. Any of them may be gone at any moment; every reader still ends with the
        same text.
      </p>
      <ol className={`${styles.way} mt-10 lg:grid lg:grid-cols-6`}>
        {STOPS.map((stop) => (
          <Station key={stop.name} {...stop} />
        ))}
        <Station
          name="This page"
          form={
            <span className="font-sans text-sm text-ink">
              Three services are<mark className={styles.token}> enough.</mark>
            </span>
          }
          does="Puts it where it belongs, and keeps its number."
          end="Closed"
          gone="Or asleep, or offline. Opened again it goes on after 1-213."
        />
      </ol>
      <div className="mt-8 grid gap-x-8 gap-y-2 rounded-xl bg-sunken p-5 md:grid-cols-[auto_1fr] lg:mt-10 lg:px-6">
        <p className="font-medium">
          Postgres <span className="font-normal text-ink-3">beside it all</span>
        </p>
        <p className="max-w-[72ch] text-pretty text-ink-2">
          A row holds the task, its attempt and its text, at most a second behind. The row is the truth: where the log
          can't answer, it does, and when the task is done the stream and the row are the same, byte for byte.
        </p>
      </div>
    </section>
  );
}

function Station({ name, form, does, end = "Killed", gone }: Omit<Stop, "form"> & { form: ReactNode }) {
  return (
    <li className={styles.station}>
      <h3 className="text-base tracking-normal">{name}</h3>
      <p className={`${styles.form} font-mono text-xs text-ink-2`}>{form}</p>
      <p className="text-sm text-pretty text-ink-2">{does}</p>
      <p className="mt-2 text-sm text-pretty text-ink-3">
        <span className="text-stop">{end}:</span> {gone}
      </p>
    </li>
  );
}
