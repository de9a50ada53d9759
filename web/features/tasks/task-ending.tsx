"use client";

import { Suspense, lazy, useState } from "react";

import { Notice } from "@/components/ui/notice";
import type { Schema } from "@/lib/api/types";
import type { TaskView } from "@/lib/streams/reduce";

const PlanDetails = lazy(async () => ({ default: (await import("./plan-details")).PlanDetails }));

/** What comes after the text: why it failed, or the same plan as data. */
export function TaskEnding({ view }: { view: TaskView }) {
  if (view.ending === null) return null;
  return (
    <div className="mt-12 grid max-w-[68ch] gap-6">
      {view.error && <Notice title="This task failed.">{view.error.detail}</Notice>}
      {view.status === "cancelled" && <p className="text-ink-3">Cancelled here. What was written stays.</p>}
      {view.result && <Result plan={view.result} />}
    </div>
  );
}

/** Closed at first, since the text says the same; what is inside is fetched when it is opened. */
function Result({ plan }: { plan: Schema<"Plan"> }) {
  const [opened, setOpened] = useState(false);
  const steps = plan.milestones.reduce((sum, { steps: { length } }) => sum + length, 0);
  return (
    <details className="rounded-xl border border-line bg-panel" onToggle={() => setOpened(true)}>
      <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 rounded-xl px-5 py-3.5">
        <span className="font-medium">The plan as data</span>
        <span className="text-sm text-ink-3">
          {plan.stack.length} choices, {plan.milestones.length} milestones, {steps} steps, {plan.risks.length} risks
        </span>
      </summary>
      {opened && (
        <Suspense>
          <PlanDetails plan={plan} />
        </Suspense>
      )}
    </details>
  );
}
