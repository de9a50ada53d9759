"use client";

import { useMutation } from "@tanstack/react-query";

import { Button } from "@/components/ui/button";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { project } from "@/lib/project";
import { save } from "@/lib/save";

import { exportData } from "./mutations";

export function ExportButton() {
  const { mutate, error, isPending, isSuccess } = useMutation({ mutationFn: exportData, gcTime: 0 });
  return (
    <>
      {error && <ProblemNotice error={error} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button
          disabled={isPending}
          onClick={() => mutate(undefined, { onSuccess: (file) => save(file, `${project.slug}-data.json`) })}
        >
          {isPending ? "Collecting it…" : "Download my data"}
        </Button>
        <p role="status" className="text-sm text-ink-2">
          {isSuccess && "Downloaded."}
        </p>
      </div>
    </>
  );
}
