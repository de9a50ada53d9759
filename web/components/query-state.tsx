"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { ProblemNotice } from "@/components/ui/problem-notice";

interface QueryStateProps<Data> {
  query: UseQueryResult<Data>;
  /** Said while it is read for the first time. */
  reading: string;
  /** Said when it can't be. */
  failed: string;
  children: (data: Data) => ReactNode;
}

/** What was read, or why it isn't here yet. Data that is there stays, whatever a later read says. */
export function QueryState<Data>({ query, reading, failed, children }: QueryStateProps<Data>) {
  const { data, error, refetch, isFetching } = query;
  if (data !== undefined) return children(data);
  if (!error) return <p className="text-ink-3">{reading}</p>;
  return (
    <ProblemNotice
      title={failed}
      error={error}
      action={
        <Button onClick={() => void refetch()} disabled={isFetching}>
          Try again
        </Button>
      }
    />
  );
}
