// What runs in the page, before anything of its own: it notes what the visitor sees, and when.

/** A moment after which so much of the text was on the screen. */
interface Paint {
  at: number;
  length: number;
}

interface Shift {
  at: number;
  value: number;
}

export interface Seen {
  /** When the button that sends the prompt was pressed, by the browser's own stamp. */
  submitted: number;
  paints: Paint[];
  /** When the page said that the text is complete; 0 until then. */
  done: number;
  shifts: Shift[];
  /** Beginnings and lengths of what kept the page from answering for more than 50 ms. */
  blocks: { at: number; for: number }[];
  /** When the largest part of the page was there. */
  largest: number;
  /** When anything at all was there. */
  first: number;
  /** The longest answer to an interaction that took 16 ms and more, from the press to the paint; 0: none did. */
  answer: number;
}

interface Recorder {
  seen: Seen;
  /** Forgets what was, for the next prompt on the same page. */
  again(): void;
  /** Resolves when the text is complete and painted. */
  whenDone(): Promise<Seen>;
  /**
   * Resolves when what was pressed has been answered on the screen, to how long that took; 0: less than 16 ms, NaN:
   * nothing was pressed.
   */
  whenAnswered(): Promise<number>;
  /** Resolves when nothing came and nothing blocked for so many milliseconds after the page was complete. */
  whenQuiet(ms: number): Promise<Seen>;
}

declare global {
  interface Window {
    recorder: Recorder;
  }
}

/** Of the kinds that are watched, what each has beyond the usual. */
interface Entry extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  interactionId: number;
}

/** Self-contained: the browser gets its source. */
export function record(): void {
  if (window.top !== window) return;
  const nothing: Seen = { submitted: 0, paints: [], done: 0, shifts: [], blocks: [], largest: 0, first: 0, answer: 0 };
  let finish: (() => void) | null = null;
  let active = 0;
  let isPressed = false;
  const recorder: Recorder = {
    seen: structuredClone(nothing),
    again: () => {
      recorder.seen = structuredClone(nothing);
    },
    whenDone: () =>
      new Promise((resolve) => {
        if (recorder.seen.done > 0) resolve(recorder.seen);
        else finish = () => resolve(recorder.seen);
      }),
    whenAnswered: async () => {
      // The browser tells of an event in a frame after the one that showed its answer.
      for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
      const answer = isPressed ? recorder.seen.answer : NaN;
      isPressed = false;
      recorder.seen.answer = 0;
      return answer;
    },
    whenQuiet: (ms) =>
      new Promise((resolve) => {
        const look = () => {
          const left = document.readyState === "complete" ? active + ms - performance.now() : ms;
          if (left > 0) setTimeout(look, left);
          else resolve(recorder.seen);
        };
        look();
      }),
  };
  window.recorder = recorder;

  // oxlint-disable-next-line unicorn/consistent-function-scoping
  function watch(type: string, note: (entry: Entry) => void, more = {}): void {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) note(entry as Entry);
    }).observe({ type, buffered: true, ...more });
  }
  watch("layout-shift", ({ startTime, value, hadRecentInput }) => {
    if (!hadRecentInput) recorder.seen.shifts.push({ at: startTime, value });
  });
  watch("longtask", ({ startTime, duration }) => {
    active = performance.now();
    recorder.seen.blocks.push({ at: startTime, for: duration });
  });
  watch("resource", () => (active = performance.now()));
  watch("largest-contentful-paint", ({ startTime }) => (recorder.seen.largest = startTime));
  watch("paint", ({ name, startTime }) => {
    if (name === "first-contentful-paint") recorder.seen.first = startTime;
  });
  const note = ({ interactionId, duration }: Entry) => {
    if (interactionId > 0) recorder.seen.answer = Math.max(recorder.seen.answer, duration);
  };
  watch("event", note, { durationThreshold: 16 });
  watch("first-input", note);
  for (const press of ["pointerdown", "keydown"]) addEventListener(press, () => (isPressed = true), { capture: true });

  addEventListener(
    "click",
    ({ target, timeStamp }) => {
      if (target instanceof Element && target.closest("button[type=submit]")) recorder.seen.submitted = timeStamp;
    },
    { capture: true },
  );

  // A message that is sent in a frame arrives when the frame has been painted.
  const painted = new MessageChannel();
  let waiting = false;
  painted.port1.addEventListener("message", () => {
    waiting = false;
    const { seen } = recorder;
    const plan = document.querySelector("article[aria-busy]");
    if (!plan || seen.submitted === 0) return;
    const at = performance.now();
    const length = plan.textContent.length;
    if (length > (seen.paints.at(-1)?.length ?? 0)) seen.paints.push({ at, length });
    if (seen.done > 0 || plan.getAttribute("aria-busy") === "true") return;
    const says = document.querySelector("main [role=status]")?.textContent ?? "";
    if (!says.startsWith("Done")) return;
    seen.done = at;
    finish?.();
  });
  painted.port1.start();
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => painted.port2.postMessage(null));
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}
