import { AppLink } from "@/components/app-link";
import { PageMessage } from "@/components/page-message";
import { buttonClass } from "@/components/ui/button";

export default function TaskNotFound() {
  return (
    <PageMessage
      title="There is no such task."
      action={
        <AppLink href="/tasks" className={buttonClass("main")}>
          To your tasks
        </AppLink>
      }
    >
      It was deleted, or it belongs to somebody else.
    </PageMessage>
  );
}
