import { HydrationBoundary } from "@tanstack/react-query";

import { Plug } from "@/features/plug/plug";
import { readTaskList } from "@/features/tasks/server";
import { TaskSidebar } from "@/features/tasks/task-sidebar";

export default async function TaskLayout({ children }: LayoutProps<"/tasks/[id]">) {
  return (
    <div className="lg:grid lg:grid-cols-[17rem_minmax(0,1fr)]">
      <HydrationBoundary state={await readTaskList(null)}>
        <TaskSidebar />
      </HydrationBoundary>
      <div className="min-w-0">
        {children}
        <Plug />
      </div>
    </div>
  );
}
