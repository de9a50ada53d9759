import { usePathname } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";

import { AppLink } from "@/components/app-link";
import { CloseIcon } from "@/components/icons";
import { Button } from "@/components/ui/button";

import type { Task } from "./queries";
import { TaskState } from "./task-state";
import { useFeed } from "./use-feed";

const MOST = 3;
const SHOWN_MS = 15_000;

/** Says which tasks ended while the visitor was looking at something else, and keeps the lists true. */
export function TaskNotices() {
  const pathname = usePathname();
  const [news, setNews] = useState<readonly Task[]>([]);
  const without = (id: string) => setNews((old) => old.filter((task) => task.id !== id));

  useFeed((task) => {
    // Who cancelled it knows; who looks at it sees it.
    if (task.status === "cancelled" || pathname === pathOf(task)) return;
    setNews((old) => [...old.filter(({ id }) => id !== task.id), task].slice(-MOST));
  });

  // Seen is told, however the visitor came there.
  const [seen, setSeen] = useState(pathname);
  if (seen !== pathname) {
    setSeen(pathname);
    setNews(news.filter((task) => pathOf(task) !== pathname));
  }

  return (
    <section
      aria-label="Notices"
      aria-live="polite"
      // A phone has room for the newest one.
      className="pointer-events-none fixed inset-x-0 bottom-0 z-30 grid justify-items-end gap-2 p-4 sm:p-6 max-sm:[&>:not(:last-child)]:hidden"
    >
      {news.map((task) => (
        <TaskNotice key={task.id} task={task} onClose={() => without(task.id)} />
      ))}
    </section>
  );
}

const pathOf = ({ id }: Task) => `/tasks/${id}`;

function TaskNotice({ task, onClose }: { task: Task; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    // A failure stays until it is seen. The rest goes by itself, but not unseen, nor from under a pointer or the focus.
    if (task.status === "failed") return;
    const timer = setInterval(() => {
      if (!document.hidden && !box.current?.matches(":hover, :focus-within")) close();
    }, SHOWN_MS);
    return () => clearInterval(timer);
  }, [task.status]);
  return (
    <div
      ref={box}
      className="pointer-events-auto flex w-full max-w-sm items-start gap-3 rounded-lg border border-line bg-panel py-2 pr-2 pl-4 shadow-float transition-opacity starting:opacity-0"
    >
      <div className="grid min-w-0 flex-1 gap-0.5 py-1">
        <TaskState task={task} />
        <AppLink href={pathOf(task)} className="truncate font-medium">
          {task.prompt}
        </AppLink>
      </div>
      <Button look="quiet" size="icon" aria-label={`Dismiss the notice of ${task.prompt}`} onClick={onClose}>
        <CloseIcon />
      </Button>
    </div>
  );
}
