import { HydrationBoundary } from "@tanstack/react-query";

import { readTaskList } from "@/features/tasks/server";
import { TaskSidebar } from "@/features/tasks/task-sidebar";

export default async function TaskLayout({ children }: LayoutProps<"/tasks/[id]">) {
  return (
    <div className="lg:grid lg:grid-cols-[17rem_minmax(0,1fr)]">
      <HydrationBoundary state={await readTaskList(null)}>
        <TaskSidebar />
      </HydrationBoundary>
      {children}
    </div>
  );
}
