import type { Schema } from "@/lib/api/types";

/** A task's result, part by part. */
export function PlanDetails({ plan }: { plan: Schema<"Plan"> }) {
  return (
    <div className="grid gap-8 border-t border-line px-5 py-6">
      <header>
        <h2 className="text-xl">{plan.title}</h2>
        <p className="mt-2 text-ink-2">{plan.summary}</p>
      </header>
      <Pairs title="Stack" pairs={plan.stack.map(({ name, reason }) => [name, reason])} />
      <section>
        <h3 className="mb-3">Milestones</h3>
        <ol className="grid gap-4">
          {plan.milestones.map((milestone, index) => (
            <li key={index} className="grid grid-cols-[2rem_minmax(0,1fr)]">
              <span className="font-mono text-sm leading-6 text-ink-3">{index + 1}</span>
              <div>
                <p className="font-medium">{milestone.title}</p>
                <ul className="mt-1 text-ink-2">
                  {milestone.steps.map((step, at) => (
                    <li key={at}>{step}</li>
                  ))}
                </ul>
              </div>
            </li>
          ))}
        </ol>
      </section>
      <Pairs title="Risks" pairs={plan.risks.map(({ title, mitigation }) => [title, mitigation])} />
    </div>
  );
}

function Pairs({ title, pairs }: { title: string; pairs: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h3 className="mb-3">{title}</h3>
      <dl className="grid gap-3">
        {pairs.map(([term, text], index) => (
          <div key={index} className="grid gap-x-4 sm:grid-cols-[10rem_minmax(0,1fr)]">
            <dt className="font-medium">{term}</dt>
            <dd className="text-ink-2">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
