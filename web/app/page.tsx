import { Anchor } from "@/components/anchor";
import { Header } from "@/components/header";
import { ArrowIcon } from "@/components/icons";
import { buttonClass } from "@/components/ui/button";
import { WayOfAToken } from "@/components/way-of-a-token";
import { project } from "@/lib/project";

const FACTS = [
  {
    head: "One contract",
    body: "Python declares every message, the stream's too. TypeScript gets its types from there, and a renamed field breaks the build.",
  },
  {
    head: "Two commands",
    body: (
      <>
        <Command>make dev</Command> for the app, <Command>make test</Command> for its tests, on a machine that had no
        database, no queue and no Docker.
      </>
    ),
  },
  {
    head: "Four bad days",
    body: "The API killed, a worker killed, Valkey killed, the network gone: every test run has them all, and compares the text byte for byte.",
  },
  {
    head: "No key needed",
    body: "The built-in generator works offline and is the same every time. Any OpenAI-compatible model takes its place by a variable.",
  },
];

export default function LandingPage() {
  return (
    <>
      <Header
        end={
          <Anchor href="/sign-in" className={buttonClass("quiet")}>
            Sign in
          </Anchor>
        }
      />
      <main id="main" className="mx-auto max-w-[75rem] px-4 pb-24 sm:px-10 lg:px-18">
        <section className="grid gap-6 pt-[clamp(3.5rem,10vw,8rem)] pb-12">
          <h1 className="max-w-[14ch] text-display leading-[1.02] tracking-[-0.04em]">{project.tagline}</h1>
          <p className="max-w-[52ch] text-[clamp(1.06rem,1rem+0.4vw,1.25rem)] text-pretty text-ink-2">
            {project.description}
          </p>
          <div className="mt-2 flex flex-wrap items-center gap-2.5">
            <Anchor href="/tasks" className={buttonClass("main", "large")}>
              Start a task
              <ArrowIcon />
            </Anchor>
            <code className="inline-flex h-11 items-center rounded-md border border-line bg-sunken px-3.5 font-mono text-ink-2">
              make dev
            </code>
          </div>
        </section>
        <WayOfAToken />
        <section aria-label="What is in it" className="mt-20 grid gap-x-10 gap-y-10 sm:grid-cols-2">
          {FACTS.map(({ head, body }) => (
            <div key={head} className="border-t border-line pt-5">
              <h2 className="text-xl">{head}</h2>
              <p className="mt-2 max-w-[46ch] text-pretty text-ink-2">{body}</p>
            </div>
          ))}
        </section>
      </main>
      <footer className="border-t border-line px-4 py-8 text-center text-sm text-ink-3">
        MIT licensed. Take it, rename it, ship it.
      </footer>
    </>
  );
}

function Command({ children }: { children: string }) {
  return <code className="font-mono text-[0.9em] text-ink">{children}</code>;
}
