import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";

import { readTask, seedTask } from "@/features/tasks/server";
import { TaskView } from "@/features/tasks/task-view";

type Props = PageProps<"/tasks/[id]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  // Whatever is wrong is the page's to say: thrown from here it would take the whole document with it.
  const task = await readTask((await params).id).catch(() => null);
  return { title: task ? short(task.prompt) : "Task" };
}

function short(prompt: string): string {
  return prompt.length > 60 ? `${prompt.slice(0, 59).trimEnd()}…` : prompt;
}

export default async function TaskPage({ params }: Props) {
  const { id } = await params;
  return (
    <main id="main" className="min-w-0">
      <HydrationBoundary state={seedTask(await readTask(id))}>
        <TaskView id={id} />
      </HydrationBoundary>
    </main>
  );
}
