import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";

import { PageTitle } from "@/components/page-title";
import { Composer } from "@/features/tasks/composer";
import { readTaskList } from "@/features/tasks/server";
import { TaskList } from "@/features/tasks/task-list";

export const metadata: Metadata = { title: "Tasks" };

export default async function TasksPage({ searchParams }: PageProps<"/tasks">) {
  const { cursor: given } = await searchParams;
  const cursor = typeof given === "string" ? given : null;
  return (
    <main id="main" className="mx-auto grid max-w-[52rem] gap-12 px-4 pt-10 pb-24 sm:px-8 md:pt-16">
      <section className="grid gap-5">
        <PageTitle className="text-2xl">What do you want to build?</PageTitle>
        <Composer />
      </section>
      <section aria-labelledby="list" className="grid gap-4">
        <h2 id="list" className="text-base font-medium tracking-normal text-ink-3">
          {cursor === null ? "Your tasks" : "Older tasks"}
        </h2>
        <HydrationBoundary state={await readTaskList(cursor)}>
          <TaskList cursor={cursor} />
        </HydrationBoundary>
      </section>
    </main>
  );
}
